/* SPDX-License-Identifier: GPL-2.0-only */
/* What doctor found, as text for a person and as JSON. Pure: the results are a const struct. */
#ifndef TAILBACK_VIEW_DOCTOR_H
#define TAILBACK_VIEW_DOCTOR_H

#include "buf.h"
#include "health.h"
#include "model.h"

/* The conclusion in one or two sentences, as the text begins and the JSON says. */
void tb_doctor_summary(struct tb_buf *out, const struct tb_health *health);

/* 80 columns: the conclusion, the checks, the hooks; what is lost, and the fix, below each. */
void tb_doctor_text(struct tb_buf *out, const struct tb_health *health, bool color);

/* tailback.doctor/1. The model is for the header: what is known of host and cost. */
void tb_doctor_json(struct tb_buf *out, const struct tb_health *health,
		    const struct tb_model *model);

#endif
