# SPDX-License-Identifier: GPL-2.0-only
# `make demo`: a shop with a planted bottleneck, diagnosed while it runs.

## demo       diagnose a small shop with a planted bottleneck while it runs
demo: $(B)/tailback $(B)/tests/workloads/shop
	$(Q)tests/demo/run $(B)
