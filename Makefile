# SPDX-License-Identifier: GPL-2.0-only
# Build, test and install tailback. `make help` lists the targets. Everything lands in build/.

VERSION := 0.1.0
PREFIX ?= /usr/local
B := build
ARCH := $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')
MULTIARCH := $(shell $(CC) -print-multiarch 2>/dev/null)
Q := $(if $(V),,@)

# Where linux-tools packages and Debian put bpftool; root's PATH may lack sbin.
export PATH := $(PATH):/usr/sbin:/sbin
CLANG ?= clang
CFLAGS ?= -O2 -g
CFLAGS += -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wundef -Wformat=2 -Wno-unused-parameter -Werror=implicit \
	-Werror=unused-function -D_GNU_SOURCE -MMD -MP
LDLIBS := -lbpf -lelf -lz -ljansson -lncursesw -ltinfo -lcap -lm

# What each floor may see. A wrong include does not build.
floor_base   := -Iinclude -Iuser/base -I$(B)/gen
floor_source := -Iinclude -Iuser/base -Iuser/source -I$(B)/gen
floor_model  := -Iinclude -Iuser/base -Iuser/model
floor_view   := -Iinclude -Iuser/base -Iuser/model -Iuser/view -I$(B)/gen
floor_cmd    := $(floor_source) -Iuser/model -Iuser/view -Iuser/cmd
FLOORS := base source model view cmd

BPF_SRC  := $(wildcard bpf/*.bpf.c)
USER_SRC := $(foreach f,$(FLOORS),$(wildcard user/$f/*.c))
USER_OBJ := $(USER_SRC:%.c=$(B)/%.o)
LIB_OBJ  := $(filter-out $(B)/user/cmd/main.o,$(USER_OBJ))
SKEL     := $(B)/gen/tailback.skel.h
GEN      := $(SKEL) $(B)/gen/syscall_names.h $(B)/gen/version.h

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all help demo test test-vm scenarios bench fuzz lint fmt static install uninstall deb clean deps

## all        build build/tailback (the default)
all: $(B)/tailback

# The stamp keeps a second run from asking apt again.
## deps       install the Debian packages that building and testing need
deps: $(B)/.deps
$(B)/.deps: tests/deps
	$(Q)sh tests/deps && mkdir -p $(B) && touch $@
$(GEN) $(USER_OBJ): | $(B)/.deps

$(B)/bpf/%.o: bpf/%.bpf.c | $(B)/.deps
	@mkdir -p $(@D); echo "  BPF      $<"
	$(Q)$(CLANG) -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -O2 -g -Wall -Wextra \
		-Wno-unused-parameter -Wno-missing-declarations -Ivmlinux -Iinclude -Ibpf \
		-I/usr/include/$(MULTIARCH) -MMD -MP -c $< -o $@

# maps.o first: the linker of libbpf 1.1 misplaces maps whose extern declarations come before them.
$(B)/bpf/tailback.bpf.o: $(B)/bpf/maps.o $(filter-out $(B)/bpf/maps.o,$(BPF_SRC:bpf/%.bpf.c=$(B)/bpf/%.o))
	@echo "  LINK     $@"
	$(Q)bpftool gen object $@ $^

$(SKEL): $(B)/bpf/tailback.bpf.o
	@mkdir -p $(@D); echo "  SKEL     $@"
	$(Q)bpftool gen skeleton $< name tailback_bpf > $@

# The names of this architecture's system calls, as its own headers number them.
$(B)/gen/syscall_names.h: Makefile
	@mkdir -p $(@D); echo "  GEN      $@"
	$(Q)printf '#include <asm/unistd.h>\n' | $(CC) -E -dM - | sort | \
		sed -n 's/^#define __NR_\([a-z_0-9]*\) \([0-9]*\)$$/[\2] = "\1",/p' > $@

$(B)/gen/version.h: Makefile
	@mkdir -p $(@D); echo "  GEN      $@"
	$(Q)echo '#define TAILBACK_VERSION "$(VERSION)"' > $@

define floor_rules
$(B)/user/$1/%.o: user/$1/%.c | $(GEN)
	@mkdir -p $$(@D); echo "  CC       $$<"
	$$(Q)$$(CC) $$(CFLAGS) $$(floor_$1) -c $$< -o $$@
endef
$(foreach f,$(FLOORS),$(eval $(call floor_rules,$f)))

$(B)/libtailback.a: $(LIB_OBJ)
	@rm -f $@; ar rcs $@ $^

$(B)/tailback: $(B)/user/cmd/main.o $(B)/libtailback.a
	@echo "  LINK     $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

include tests/tests.mk

## fmt        format all C files
fmt:
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h' ':!vmlinux/')

## install    install under PREFIX (/usr/local), below DESTDIR
install: all
	install -D -m 755 $(B)/tailback $(DESTDIR)$(PREFIX)/sbin/tailback
	install -D -m 644 docs/tailback.8 $(DESTDIR)$(PREFIX)/share/man/man8/tailback.8

## uninstall  remove what install installed
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/tailback $(DESTDIR)$(PREFIX)/share/man/man8/tailback.8

## clean      remove build/
clean:
	rm -rf $(B)

## help       list the targets
help:
	@sed -n 's/^## //p' Makefile tests/tests.mk tests/*/*.mk

-include $(shell find $(B) -name '*.d' 2>/dev/null)
