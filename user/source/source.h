/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The seam. A source yields records, a sink takes them. Live kernel, recorded file and test text
 * are sources; the model and the recorder are sinks. Neither knows the other.
 */
#ifndef TAILBACK_SOURCE_H
#define TAILBACK_SOURCE_H

#include "records.h"

/* Takes one record, valid during the call only. Returns 0, or -errno to stop the source. */
struct tb_sink {
	void *ctx;
	int (*record)(void *ctx, const struct tb_record *record);
};

static inline int tb_sink_put(const struct tb_sink *sink, const struct tb_record *record)
{
	return sink->record(sink->ctx, record);
}

/*
 * Yields whole frames: everything that is known at one instant, ended by a FRAME record.
 * frame returns 0, -ENODATA after the last frame, or -errno.
 */
struct tb_source {
	void *ctx;
	int (*frame)(void *ctx, const struct tb_sink *sink);
};

static inline int tb_source_frame(const struct tb_source *source, const struct tb_sink *sink)
{
	return source->frame(source->ctx, sink);
}

#endif
