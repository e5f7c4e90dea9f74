/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads and attaches one hook alone and takes it out again, so that one that fails does not hide
 * the others. For doctor, and for the loader when all together do not load.
 */
#ifndef TAILBACK_TRIAL_H
#define TAILBACK_TRIAL_H

#include "health.h"
#include "knobs.h"

void tb_trial_hook(enum tb_hook hook, const struct tb_knobs *knobs, struct tb_hook_result *result);

/*
 * Every hook, also where the checks say that none can attach: what the kernel does is the truth.
 * Only without BTF there is nothing to try. Takes about 40 ms a hook.
 */
void tb_trial_all(struct tb_health *health);

#endif
