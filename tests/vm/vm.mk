# SPDX-License-Identifier: GPL-2.0-only
# `make test-vm`: boot Debian's kernels under software emulation and run the kernel tests in each.
#
# KERNELS  names of tests/vm/kernels.py, each with kernel arguments behind colons if wanted:
#              make test-vm KERNELS="6.1:lockdown=confidentiality 6.12:preempt=full:nosmt"
#          5.10 is there to be refused. A kernel that no mirror has is counted as skipped.
# VM_LIMIT seconds that one boot may take before it is ended and called failed. A quiet machine takes
#          about 70; this is for hosts that are busy with something else.
# VM_TEST_LIMIT seconds of one test program inside, by the machine's own clock.
# VM_JOBS  machines at once; default: 2, or 1 where the host has one CPU.
# VM_MIRROR Debian mirror; default: the one in the host's apt sources, else deb.debian.org.
# VM_ONLY  run only the cases whose name matches this regular expression.
#
# Logs: build/vm/NAME.log (kernel console) and build/vm/NAME.out (what the tests printed).

KERNELS ?= 5.10 6.1 6.12 7.2
VM_LIMIT ?= 600
VM_TEST_LIMIT ?= 300
VM := tests/vm/run --build $(B) --limit $(VM_LIMIT) --test-limit $(VM_TEST_LIMIT) \
	$(if $(VM_JOBS),--jobs $(VM_JOBS)) $(if $(VM_MIRROR),--mirror $(VM_MIRROR)) $(if $(VM_ONLY),--only '$(VM_ONLY)')

vm-deps: $(B)/vm/.deps
$(B)/vm/.deps: tests/vm/deps
	$(Q)sh tests/vm/deps && mkdir -p $(@D) && touch $@

## test-vm    boot real kernels under emulation and run the kernel tests (KERNELS="6.1 6.12 7.2")
test-vm: $(B)/tailback $(KERNEL) $(WORKLOADS) $(FIXTURES) $(B)/vm/.deps
	$(Q)$(VM) --selftest $(KERNELS)

## test-vm-selftest  prove that a failing test, a splat, a hang or a silent kernel fails the run
test-vm-selftest: $(B)/vm/.deps
	$(Q)$(VM) --selftest

.PHONY: vm-deps test-vm test-vm-selftest
