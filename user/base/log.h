/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a person is told beside the data: errors and notes, on stderr. Whoever knows most says it
 * once, naming the thing, the reason and the next step. Called by every floor but the model.
 */
#ifndef TAILBACK_LOG_H
#define TAILBACK_LOG_H

/* "tailback: error: ..." and "tailback: ..."; a line each, without its end. */
void tb_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void tb_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* libbpf speaks only when TAILBACK_DEBUG is set: its hints mislead, and ours say why. */
void tb_log_quiet_libbpf(void);

#endif
