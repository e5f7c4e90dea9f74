# SPDX-License-Identifier: GPL-2.0-only
# Workloads of more than one file; the others are built by the pattern rule of tests/tests.mk.

# $1: the program, $2: the directory with the rest of its sources
define workload_rule
$(B)/tests/workloads/$1: tests/workloads/$1.c $(wildcard tests/workloads/$2/*.[ch]) \
		tests/workloads/workload.h | $(B)/.deps
	@mkdir -p $$(@D); echo "  CC       $$<"
	$$(Q)$$(CC) $$(filter-out -MMD -MP,$$(CFLAGS)) -Itests/workloads -o $$@ $$(filter %.c,$$^) \
		-lpthread -lrt
endef
$(eval $(call workload_rule,wait_reason,wait))
$(eval $(call workload_rule,stress_tasks,stress))
$(eval $(call workload_rule,shop,shop))
