// SPDX-License-Identifier: GPL-2.0-only
/* The X-macros of include/ made into arrays, once; see tables.h. */
#include "tables.h"

#include <string.h>

#include "findings.h"
#include "hooks.h"
#include "object.h"
#include "states.h"

static const struct {
	const char *name, *text;
	char letter;
} states[TB_STATE_NR] = {
#define X(id, name, letter, idle, text) { name, text, letter },
	TB_STATES(X)
#undef X
};

static const char *const objects[TB_OBJ_NR] = {
#define X(id, text) text,
	TB_OBJECTS(X)
#undef X
};

static const struct {
	const char *name, *text;
	__u32 verdict;
	int judged;
} findings[TB_FINDING_NR] = {
#define X(id, name, class, judged, text) { name, text, TB_VERDICT_##class, judged },
	TB_FINDINGS(X)
#undef X
};

static const char *const verdicts[TB_VERDICT_NR] = {
#define X(id, name) name,
	TB_VERDICTS(X)
#undef X
};

static const struct {
	const char *name, *target, *needed, *lost;
	int required;
} hooks[TB_HOOK_NR] = {
#define X(program, target, required, since, needed, lost) \
	{ #program, target, needed, lost, required },
	TB_HOOKS(X)
#undef X
};

const char *tb_state_name(__u32 state)
{
	return state < TB_STATE_NR ? states[state].name : "?";
}

const char *tb_state_text(__u32 state)
{
	return state < TB_STATE_NR ? states[state].text : "?";
}

char tb_state_letter(__u32 state)
{
	return state < TB_STATE_NR ? states[state].letter : '?';
}

int tb_state_number(const char *name)
{
	int i;

	for (i = 0; i < TB_STATE_NR; i++)
		if (!strcmp(states[i].name, name))
			return i;
	return -1;
}

const char *tb_object_text(__u32 kind)
{
	return kind < TB_OBJ_NR ? objects[kind] : "?";
}

const char *tb_finding_name(__u32 kind)
{
	return kind < TB_FINDING_NR ? findings[kind].name : "?";
}

const char *tb_finding_text(__u32 kind)
{
	return kind < TB_FINDING_NR ? findings[kind].text : "?";
}

__u32 tb_finding_class(__u32 kind)
{
	return kind < TB_FINDING_NR ? findings[kind].verdict : TB_VERDICT_UNKNOWN;
}

int tb_finding_judged(__u32 kind)
{
	return kind < TB_FINDING_NR && findings[kind].judged;
}

int tb_finding_number(const char *name)
{
	int i;

	for (i = 0; i < TB_FINDING_NR; i++)
		if (!strcmp(findings[i].name, name))
			return i;
	return -1;
}

const char *tb_verdict_name(__u32 verdict)
{
	return verdict < TB_VERDICT_NR ? verdicts[verdict] : "?";
}

const char *tb_hook_name(__u32 hook)
{
	return hook < TB_HOOK_NR ? hooks[hook].name : "?";
}

const char *tb_hook_target(__u32 hook)
{
	return hook < TB_HOOK_NR ? hooks[hook].target : "?";
}

const char *tb_hook_needed(__u32 hook)
{
	return hook < TB_HOOK_NR ? hooks[hook].needed : "?";
}

int tb_hook_required(__u32 hook)
{
	return hook < TB_HOOK_NR && hooks[hook].required;
}

const char *tb_hook_lost(__u32 hook)
{
	return hook < TB_HOOK_NR ? hooks[hook].lost : "?";
}
