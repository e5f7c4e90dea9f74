# SPDX-License-Identifier: GPL-2.0-only
# `make bench`: what tailback costs, beside the peers that Debian packages, on this machine.

BENCH := $(B)/tests/bench/stats $(B)/tests/bench/attach

$(B)/tests/bench/empty.bpf.o: tests/bench/empty.bpf.c | $(B)/.deps
	@mkdir -p $(@D); echo "  BPF      $<"
	$(Q)$(CLANG) -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -O2 -g -Wall -Ivmlinux \
		-I/usr/include/$(MULTIARCH) -c $< -o $@

$(B)/gen/empty.skel.h: $(B)/tests/bench/empty.bpf.o
	@mkdir -p $(@D)
	$(Q)bpftool gen skeleton $< name empty_bpf > $@

$(BENCH): $(B)/tests/bench/%: tests/bench/%.c $(B)/gen/empty.skel.h $(B)/libtailback.a
	@mkdir -p $(@D); echo "  CC       $<"
	$(Q)$(CC) $(CFLAGS) $(floor_cmd) -o $@ $< $(B)/libtailback.a $(LDLIBS)

$(B)/bench/.deps: tests/bench/deps
	$(Q)tests/bench/deps && mkdir -p $(@D) && touch $@

# BENCH_ARGS: options of tests/bench/run, --only PART,PART for one
## bench      cost and scale beside the peers that are installed; table and build/bench.json
bench: $(BENCH) $(WORKLOADS) $(FIXTURES) $(B)/tailback $(B)/bench/.deps
	$(Q)tests/bench/run --build $(B) $(BENCH_ARGS)
