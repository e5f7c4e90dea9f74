/* SPDX-License-Identifier: GPL-2.0-only */
/* The generated skeleton with the types that it names, for the few files that touch it. */
#ifndef TAILBACK_SKELETON_H
#define TAILBACK_SKELETON_H

#include "account.h"
#include "knobs.h"
#include "records.h"

#include "tailback.skel.h"

#endif
