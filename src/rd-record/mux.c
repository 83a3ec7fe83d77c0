#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/opt.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/version.h"
#include "rd-record/chapters.h"
#include "rd-record/ebml.h"
#include "rd-record/mux.h"
#include "rd-record/mux_sound.h"

#define AVIO_SIZE 32768
/* What one entry of the index takes (RFC 9559, Cues), about. */
#define CUE_SIZE 40
#define INDEX_MIN 512

struct mux {
	AVFormatContext *av;
	AVIOContext *io;
	AVPacket *packet;
	struct disk *disk;
	struct chapters chapters;
	int stream[TRACK_COUNT];	/* -1: no such track */
	int64_t last_ms[TRACK_COUNT];
	bool webm;
	uint64_t duration_at;	/* where it stands in the file; 0: nowhere */
	size_t pending;
	size_t keys;
	bool chapter_lost;	/* and that was said */
};

/* libavformat's words are for who debugs it. */
static void
to_log(void *ctx, int level, const char *fmt, va_list args)
{
	char line[512];
	(void)ctx;
	if (level > AV_LOG_WARNING)
		return;
	vsnprintf(line, sizeof(line), fmt, args);
	line[strcspn(line, "\n")] = '\0';
	rd_debug("libavformat: %s", line);
}

static int
errno_of(const struct mux *m, int averror)
{
	if (m->disk->error)
		return m->disk->error;
	/* AVERROR of an errno is its negative; others are letters. */
	return averror >= 0 ? 0 : averror > -4096 ? averror : -EIO;
}

static int
on_write(void *ctx, uint8_t *data, int len)
{
	int err = disk_write(ctx, data, (size_t)len);
	return err ? err : len;
}

static int64_t
on_seek(void *ctx, int64_t offset, int whence)
{
	struct disk *d = ctx;
	if (whence == AVSEEK_SIZE)
		return (int64_t)d->size;
	if (whence != SEEK_SET || offset < 0)
		return AVERROR(EINVAL);
	d->at = (uint64_t)offset;
	return offset;
}

static const struct {
	enum rd_codec codec;
	enum AVCodecID id;
} codec_ids[] = {
	{RD_CODEC_VP8, AV_CODEC_ID_VP8},
	{RD_CODEC_VP9, AV_CODEC_ID_VP9},
	{RD_CODEC_AV1, AV_CODEC_ID_AV1},
};

static enum AVCodecID
codec_id(enum rd_codec codec)
{
	for (size_t i = 0; i < sizeof(codec_ids) / sizeof(codec_ids[0]); i++)
		if (codec_ids[i].codec == codec)
			return codec_ids[i].id;
	return AV_CODEC_ID_NONE;
}

/* Runs the first packet of AV1 through the filter that finds its sequence header. */
static int
sequence_of(AVCodecParameters *par, AVPacket *packet, const struct mux_config *cfg)
{
	AVBSFContext *bsf = NULL;
	int err = av_bsf_alloc(av_bsf_get_by_name("extract_extradata"), &bsf);
	if (err >= 0)
		err = avcodec_parameters_copy(bsf->par_in, par);
	if (err >= 0)
		err = av_bsf_init(bsf);
	if (err >= 0)
		err = av_new_packet(packet, (int)cfg->first_len);
	if (err >= 0) {
		memcpy(packet->data, cfg->first, cfg->first_len);
		err = av_bsf_send_packet(bsf, packet);
	}
	if (err >= 0)
		err = av_bsf_receive_packet(bsf, packet);
	size_t len = 0;
	const uint8_t *found = err >= 0
		? av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, &len) : NULL;
	if (found && (par->extradata = av_mallocz(len + AV_INPUT_BUFFER_PADDING_SIZE))) {
		memcpy(par->extradata, found, len);
		par->extradata_size = (int)len;
	}
	av_packet_unref(packet);
	av_bsf_free(&bsf);
	return err < 0 ? err : found ? 0 : AVERROR(EPROTO);
}

static AVStream *
add_stream(struct mux *m, enum track track)
{
	AVStream *s = avformat_new_stream(m->av, NULL);
	if (!s)
		return NULL;
	s->time_base = (AVRational){1, 1000};
	m->stream[track] = s->index;
	return s;
}

static int
add_video(struct mux *m, const struct mux_config *cfg)
{
	AVStream *s = add_stream(m, TRACK_VIDEO);
	if (!s)
		return AVERROR(ENOMEM);
	AVCodecParameters *par = s->codecpar;
	par->codec_type = AVMEDIA_TYPE_VIDEO;
	par->codec_id = codec_id(cfg->codec);
	par->width = cfg->width;
	par->height = cfg->height;
	/* What the pictures are: a screen's colours, by codec/yuv.h. */
	par->color_space = AVCOL_SPC_SMPTE170M;
	par->color_range = AVCOL_RANGE_MPEG;
	par->color_primaries = AVCOL_PRI_BT709;
	par->color_trc = AVCOL_TRC_IEC61966_2_1;
	s->sample_aspect_ratio = par->sample_aspect_ratio = (AVRational){1, 1};
	s->disposition = AV_DISPOSITION_DEFAULT;
	return cfg->codec == RD_CODEC_AV1 ? sequence_of(par, m->packet, cfg) : 0;
}

static int
add_sound(struct mux *m)
{
	AVStream *s = add_stream(m, TRACK_SOUND);
	if (!s)
		return AVERROR(ENOMEM);
	return mux_sound(s->codecpar);
}

static int
add_text(struct mux *m, enum track track, const char *title, bool webm)
{
	AVStream *s = add_stream(m, track);
	if (!s)
		return AVERROR(ENOMEM);
	s->codecpar->codec_type = AVMEDIA_TYPE_SUBTITLE;
	s->codecpar->codec_id = webm ? AV_CODEC_ID_WEBVTT : AV_CODEC_ID_SUBRIP;
	return av_dict_set(&s->metadata, "title", title, 0);
}

/* In a pipe nothing can be changed later: chapters are a track of text there. */
static int
add_streams(struct mux *m, const struct mux_config *cfg)
{
	int err = add_video(m, cfg);
	if (err >= 0 && cfg->sound)
		err = add_sound(m);
	if (err >= 0 && cfg->captions)
		err = add_text(m, TRACK_CAPTIONS, "Captions", cfg->webm);
	if (err >= 0 && cfg->chapters && !m->disk->seekable)
		err = add_text(m, TRACK_CHAPTERS, "Chapters", cfg->webm);
	return err;
}

static int
describe(struct mux *m, const struct mux_config *cfg)
{
	char at[64];
	time_t s = (time_t)(cfg->wall_ns / RD_NS_PER_S);
	struct tm tm;
	if (cfg->wall_ns && gmtime_r(&s, &tm)) {
		strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%S.000000Z", &tm);
		av_dict_set(&m->av->metadata, "creation_time", at, 0);
	}
	return 0;
}

static int
write_head(struct mux *m, const struct mux_config *cfg)
{
	AVDictionary *options = NULL;
	/* No checksum over what is changed later. */
	av_dict_set(&options, "write_crc32", "0", 0);
	av_dict_set(&options, "cluster_time_limit", "1000", 0);
	if (!m->disk->seekable)
		av_dict_set(&options, "live", "1", 0);
	/* Identifiers that are no random numbers: a confined process has none to read. */
	m->av->flags |= AVFMT_FLAG_BITEXACT;
	m->av->flags &= ~AVFMT_FLAG_AUTO_BSF;
	m->av->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
	int err = describe(m, cfg);
	if (err >= 0)
		err = avformat_write_header(m->av, &options);
	av_dict_free(&options);
	if (err < 0)
		return err;
	avio_flush(m->io);
	m->duration_at = m->disk->seekable
		? ebml_find_duration(m->disk->head, m->disk->head_len) : 0;
	return 0;
}

/* The room for chapters goes by libavformat's own buffer, which counts the bytes. */
static int
make_room(struct mux *m)
{
	int err = chapters_open(&m->chapters, m->disk);
	if (!err && avio_seek(m->io, (int64_t)m->disk->size, SEEK_SET) < 0)
		err = -EIO;
	return err;
}

int
mux_open(struct mux **out, struct disk *d, const struct mux_config *cfg)
{
	struct mux *m = xcalloc(1, sizeof(*m));
	m->disk = d;
	m->webm = cfg->webm;
	for (int i = 0; i < TRACK_COUNT; i++)
		m->stream[i] = m->last_ms[i] = -1;
	av_log_set_callback(to_log);
	int err = avformat_alloc_output_context2(&m->av, NULL, cfg->webm ? "webm" : "matroska", NULL);
	uint8_t *buffer = av_malloc(AVIO_SIZE);
	m->packet = av_packet_alloc();
	if (!m->packet)
		err = AVERROR(ENOMEM);
	if (err >= 0 && buffer)
		m->io = avio_alloc_context(buffer, AVIO_SIZE, 1, d, NULL, on_write,
			d->seekable ? on_seek : NULL);
	if (!m->io) {
		av_free(buffer);
		err = err < 0 ? err : AVERROR(ENOMEM);
	}
	if (err >= 0) {
		m->av->pb = m->io;
		err = add_streams(m, cfg);
	}
	if (err >= 0)
		err = write_head(m, cfg);
	if (err >= 0 && cfg->chapters && d->seekable)
		err = make_room(m);
	if (err < 0) {
		err = errno_of(m, err);
		mux_close(m);
		return err;
	}
	disk_good(d);
	*out = m;
	return 0;
}

static int
put_packet(struct mux *m, const struct piece *p)
{
	AVPacket *k = m->packet;
	int64_t ms = (int64_t)((p->time_ns + RD_NS_PER_MS / 2) / RD_NS_PER_MS);
	if (ms <= m->last_ms[p->track])
		ms = m->last_ms[p->track] + 1;
	m->last_ms[p->track] = ms;
	/* libavformat copies what is not counted. */
	k->data = (uint8_t *)p->data;
	k->size = (int)p->len;
	k->stream_index = m->stream[p->track];
	k->pts = k->dts = ms;
	k->duration = (int64_t)(p->duration_ns / RD_NS_PER_MS);
	k->flags = p->key ? AV_PKT_FLAG_KEY : 0;
	m->pending += p->len;
	m->keys += p->key && p->track != TRACK_SOUND;
	int err = av_write_frame(m->av, k);
	av_packet_unref(k);
	return errno_of(m, err);
}

/* One that is lost is said once a file: whoever writes them may write millions. */
static void
add_chapter(struct mux *m, const struct piece *p)
{
	int err = chapters_add(&m->chapters, p->time_ns, (const char *)p->data, p->len);
	if (err && !m->chapter_lost)
		rd_warn("chapters are lost: %s", err == -ENOSPC
			? "the file has no more room for chapters" : strerror(-err));
	m->chapter_lost = m->chapter_lost || err;
}

int
mux_put(struct mux *m, const struct piece *p)
{
	if (p->track == TRACK_CHAPTERS && m->disk->seekable) {
		add_chapter(m, p);
		return 0;
	}
	if (m->stream[p->track] < 0)
		return 0;
	return put_packet(m, p);
}

void
mux_lasts(struct mux *m, uint64_t end_ns)
{
	struct rd_buf b = {0};
	if (!m->duration_at)
		return;
	ebml_put_duration(&b, (double)end_ns / (double)RD_NS_PER_MS);
	disk_patch(m->disk, m->duration_at, b.data, b.len);
	rd_buf_finish(&b);
}

int
mux_flush(struct mux *m, uint64_t end_ns)
{
	int err = av_write_frame(m->av, NULL);
	avio_flush(m->io);
	m->pending = 0;
	if (err >= 0 && !m->disk->error) {
		disk_good(m->disk);
		mux_lasts(m, end_ns);
	}
	return errno_of(m, err);
}

size_t
mux_pending(const struct mux *m)
{
	return m->pending;
}

size_t
mux_index_size(const struct mux *m)
{
	return INDEX_MIN + m->keys * CUE_SIZE;
}

int
mux_finish(struct mux *m, uint64_t end_ns)
{
	int err = mux_flush(m, end_ns);
	if (!err) {
		int av_err = av_write_trailer(m->av);
		avio_flush(m->io);
		err = errno_of(m, av_err);
	}
	if (err)
		return err;
	/* libavformat knows of the last piece's beginning only. */
	mux_lasts(m, end_ns);
	disk_good(m->disk);
	return 0;
}

void
mux_close(struct mux *m)
{
	if (!m)
		return;
	avformat_free_context(m->av);
	if (m->io)
		av_freep(&m->io->buffer);
	avio_context_free(&m->io);
	av_packet_free(&m->packet);
	free(m);
}
