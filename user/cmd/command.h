/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one table of commands. main.c finds the row and calls it; --help lists the rows. A new
 * command is one row here, one file cmd_NAME.c, and its bit in the rows of options.c.
 */
#ifndef TAILBACK_COMMAND_H
#define TAILBACK_COMMAND_H

#include "exit.h"
#include "options.h"

/*	id, name, operands, what it does; NULL: the contract has it, this version does not yet */
#define TB_COMMANDS(X)                                                                            \
	X(TOP, top, "", tb_cmd_top, "live: what each process and thread is waiting for")          \
	X(WHY, why, "[PID|TID]", NULL, "now: who waits for what, held by whom, down to the root") \
	X(DIAGNOSE, diagnose, "", tb_cmd_diagnose,                                                \
	  "after some seconds: is it the design or the machine?")                                 \
	X(RECORD, record, "-o FILE", NULL,                                                        \
	  "flight recorder: bounded, compressed, survives a crash")                               \
	X(REPORT, report, "-i FILE", NULL,                                                        \
	  "a recording as html, folded, pprof, speedscope, dot or json")                          \
	X(EXPORT, export, "--textfile FILE", NULL, "Prometheus textfile daemon")                  \
	X(DOCTOR, doctor, "", tb_cmd_doctor,                                                      \
	  "what this kernel and these privileges allow, and the exact fix")

enum tb_command {
#define X(id, name, operands, run, answers) TB_COMMAND_##id,
	TB_COMMANDS(X) TB_COMMAND_NR
#undef X
};

/* Operands have been taken into the options. Each says its own errors and returns the exit code. */
enum tb_exit tb_cmd_top(const struct tb_options *options);
enum tb_exit tb_cmd_diagnose(const struct tb_options *options);
enum tb_exit tb_cmd_doctor(const struct tb_options *options);

#endif
