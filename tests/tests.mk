# SPDX-License-Identifier: GPL-2.0-only
# The test targets. A test program is one cmocka file; `tests/run` runs them all and counts.
#
# ONLY  run only the programs whose name (unit/test_text, golden/..., kernel/..., e2e/..., lint/...)
#       matches this regular expression
# JOBS  how many unit, golden and lint programs may run at once

TEST_CFLAGS := $(floor_cmd) -Itests
JOBS ?= 2
RUN = tests/run --build $(B) --jobs $(JOBS)

UNIT := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
KERNEL := $(patsubst %.c,$(B)/%,$(wildcard tests/kernel/test_*.c))
KERNEL_LIB := $(patsubst %.c,$(B)/%.o,$(wildcard tests/kernel/lib/*.c))
WORKLOADS := $(patsubst %.c,$(B)/%,$(wildcard tests/workloads/*.c))

$(B)/tests/unit/%: tests/unit/%.c $(B)/libtailback.a
	@mkdir -p $(@D); echo "  CC       $<"
	$(Q)$(CC) $(CFLAGS) $(TEST_CFLAGS) -o $@ $< $(B)/libtailback.a -lcmocka $(LDLIBS)

$(B)/tests/kernel/lib/%.o: tests/kernel/lib/%.c | $(GEN)
	@mkdir -p $(@D); echo "  CC       $<"
	$(Q)$(CC) $(CFLAGS) $(TEST_CFLAGS) -c -o $@ $<

$(B)/tests/kernel/test_%: tests/kernel/test_%.c $(KERNEL_LIB) $(B)/libtailback.a
	@mkdir -p $(@D); echo "  CC       $<"
	$(Q)$(CC) $(CFLAGS) $(TEST_CFLAGS) -o $@ $< $(KERNEL_LIB) $(B)/libtailback.a -lcmocka \
		$(LDLIBS) -lpthread

$(B)/tests/workloads/%: tests/workloads/%.c | $(B)/.deps
	@mkdir -p $(@D); echo "  CC       $<"
	$(Q)$(CC) $(CFLAGS) -Itests/workloads -o $@ $< -lpthread -lrt

.SECONDARY: $(KERNEL_LIB)

workloads: $(WORKLOADS)

-include $(wildcard tests/*/*.mk)

## test       build and run every test that needs no virtual machine (ONLY=regex picks)
test: tests-build
	$(Q)$(RUN) --only '$(ONLY)'

tests-build: all $(UNIT) $(KERNEL) $(WORKLOADS) $(FIXTURES)

## lint       check sizes, floors, format and scripts
lint: $(B)/.deps
	$(Q)$(RUN) --only '^lint/.*$(ONLY)'

## golden-update  take what the golden tests print for what they expect; look at the diff
golden-update: all
	$(Q)$(RUN) --update-golden

# The contract's targets that nothing has built yet.
ABSENT := fuzz scenarios static deb
$(ABSENT):
	@echo "make $@: not built yet in this version" >&2; exit 2

.PHONY: workloads tests-build golden-update $(ABSENT)
