# SPDX-License-Identifier: GPL-2.0-only
# The test targets. A test program is one cmocka file; `tests/run` runs them and counts.

TEST_CFLAGS := $(floor_cmd) -Itests

UNIT := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
KERNEL := $(patsubst %.c,$(B)/%,$(wildcard tests/kernel/test_*.c))
WORKLOADS := $(patsubst %.c,$(B)/%,$(wildcard tests/workloads/*.c))

$(B)/tests/unit/%: tests/unit/%.c $(B)/libtailback.a
	@mkdir -p $(@D); echo "  CC       $<"
	$(Q)$(CC) $(CFLAGS) $(TEST_CFLAGS) -o $@ $< $(B)/libtailback.a -lcmocka $(LDLIBS)

$(B)/tests/kernel/%: tests/kernel/%.c $(wildcard tests/kernel/lib/*.c) $(B)/libtailback.a
	@mkdir -p $(@D); echo "  CC       $<"
	$(Q)$(CC) $(CFLAGS) $(TEST_CFLAGS) -o $@ $(filter %.c,$^) $(B)/libtailback.a -lcmocka $(LDLIBS) -lpthread

$(B)/tests/workloads/%: tests/workloads/%.c | $(B)/.deps
	@mkdir -p $(@D); echo "  CC       $<"
	$(Q)$(CC) $(CFLAGS) -Itests/workloads -o $@ $< -lpthread -lrt

workloads: $(WORKLOADS)

-include $(wildcard tests/*/*.mk)
