# SPDX-License-Identifier: GPL-2.0-only
# The oracle: a BPF program of the tests' own, as a skeleton in the test that uses it.

$(B)/tests/kernel/oracle.bpf.o: tests/kernel/oracle.bpf.c tests/kernel/oracle.h | $(B)/.deps
	@mkdir -p $(@D); echo "  BPF      $<"
	$(Q)$(CLANG) -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -O2 -g -Wall -Ivmlinux -Iinclude \
		-Itests/kernel -I/usr/include/$(MULTIARCH) -c $< -o $@

$(B)/gen/oracle.skel.h: $(B)/tests/kernel/oracle.bpf.o
	@mkdir -p $(@D)
	$(Q)bpftool gen skeleton $< name oracle_bpf > $@

$(KERNEL): $(B)/gen/oracle.skel.h
$(KERNEL): TEST_CFLAGS += -Itests/kernel
