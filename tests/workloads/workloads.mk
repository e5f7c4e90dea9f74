# SPDX-License-Identifier: GPL-2.0-only
# Workloads of more than one file; the others are built by the pattern rule of tests/tests.mk.

WAIT_SRC := tests/workloads/wait_reason.c $(wildcard tests/workloads/wait/*.c)

$(B)/tests/workloads/wait_reason: $(WAIT_SRC) | $(B)/.deps
	@mkdir -p $(@D); echo "  CC       $<"
	$(Q)$(CC) $(filter-out -MMD -MP,$(CFLAGS)) -Itests/workloads -o $@ $(WAIT_SRC) -lpthread -lrt

$(B)/tests/workloads/wait_reason: $(wildcard tests/workloads/wait/*.h) tests/workloads/workload.h
