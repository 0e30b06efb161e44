/* SPDX-License-Identifier: Apache-2.0 */
#include "listed.h"
#include "place.h"

/** Words in which a piece is kept. */
#define PIECE_WORDS 5U

/** Where every tap of `tiles` tiles from `first` on lies in a plane, the same for all channels. */
static void find_pieces(const bs_sliced_window *window, uint32_t first, uint32_t tiles, uint32_t *pieces)
{
    const uint32_t taps = window->kernel_height * window->kernel_width;
    uint32_t t;
    for (t = 0; t < tiles; t++) {
        const bs_outputs outputs = bs_outputs_of(window, first + t);
        uint32_t dx;
        for (dx = 0; dx < window->kernel_width; dx++) {
            const int32_t right = (int32_t)(dx * window->dilation_width) - (int32_t)window->left;
            const uint32_t columns = bs_columns_inside(&outputs, window->width, right);
            uint32_t tap;
            for (tap = dx; tap < taps; tap += window->kernel_width) {
                const uint32_t dy = tap / window->kernel_width;
                const int32_t down = (int32_t)(dy * window->dilation_height) - (int32_t)window->top;
                const bs_piece piece = bs_same_piece(window, &outputs, down, right, columns);
                uint32_t *const to = pieces + ((size_t)PIECE_WORDS * tap);
                /* A tap outside of the map has no bit there; its words may not even exist. */
                to[0] = (piece.mask != 0U) ? piece.low_word : 0U;
                to[1] = (piece.mask != 0U) ? piece.high_word : 0U;
                to[2] = piece.right;
                to[3] = piece.left;
                to[4] = piece.mask;
            }
        }
        pieces += (size_t)PIECE_WORDS * taps;
    }
}

static inline uint32_t bits_at(const uint32_t *piece, const uint32_t *plane)
{
    return ((plane[piece[0]] >> piece[2]) | (plane[piece[1]] << piece[3])) & piece[4];
}

/** Of a channel's tile the taps that its filter needs, from their pieces. */
static BS_KEEP_ORDER void gather_channel(bs_sliced_job *job, uint32_t channel, uint32_t number, uint32_t *tile)
{
    const bs_sliced_map *const in = &job->window->in;
    const size_t words = (size_t)PIECE_WORDS * job->weights->taps;
    const uint32_t *plane = job->input + ((size_t)channel * in->planes * in->words);
    const uint32_t *piece = job->pieces + (number * words);
    const uint32_t *const end = piece + words;
    uint32_t wanted;
    if (number == 0U) {
        job->wanted = bs_listed_taps(job);
    }
    wanted = job->wanted;
    if (in->planes == 2U) {
        const uint32_t *const minus = plane + in->words;
        for (; piece != end; piece += PIECE_WORDS) {
            if ((wanted & 1U) != 0U) {
                const uint32_t plus = bits_at(piece, plane);
                const uint32_t nonzero = plus | bits_at(piece, minus);
                BS_STORE_PAIR(tile, ~nonzero, plus);
            }
            /* Turned, so that all ones stay. */
            wanted = (wanted >> 1) | (wanted << 31);
            tile += 2;
        }
    } else if (job->tap_words == 2U) {
        for (; piece != end; piece += PIECE_WORDS) {
            BS_STORE_PAIR(tile, ~piece[4], bits_at(piece, plane));
            tile += 2;
        }
    } else {
        for (; piece != end; piece += PIECE_WORDS) {
            *tile = bits_at(piece, plane);
            tile++;
        }
    }
}

/** Outputs as the inputs: pieces once for all channels, then a channel's tile at a time. */
static void convolve_same(bs_sliced_job *job, uint32_t together, uint32_t *scratch)
{
    uint32_t *const pieces = scratch + ((size_t)job->weights->taps * job->tap_words);
    uint32_t first;
    job->prepare = gather_channel;
    job->pieces = pieces;
    job->tile_words = 0;
    for (first = 0; first < job->out->words; first += together) {
        const uint32_t rest = job->out->words - first;
        const uint32_t tiles = (rest < together) ? rest : together;
        uint32_t channel;
        find_pieces(job->window, first, tiles, pieces);
        bs_job_rewind(job);
        for (channel = 0; channel < job->weights->filters; channel++) {
            bs_filter_sliced(job, channel, first, tiles, scratch);
        }
    }
}

/** Any outputs: tiles of several channels at a time, so that a place is found once for all of them. */
static void convolve_any(bs_sliced_job *job, uint32_t tiles, uint32_t *scratch)
{
    const uint32_t filters = job->weights->filters;
    const uint32_t words = job->out->words;
    /* A filter is read once for `together` tiles. */
    const uint32_t most = (words < 4U) ? words : 4U;
    const uint32_t together = (tiles < most) ? tiles : most;
    const uint32_t room = tiles / together;
    const uint32_t channels = (room < filters) ? room : filters;
    uint32_t first;
    bs_tile_form form;
    form.tap_step = job->tap_words;
    form.channel_step = job->weights->taps * job->tap_words;
    job->tile_words = form.channel_step * channels;
    for (first = 0; first < words; first += together) {
        const uint32_t gathered = (words - first < together) ? (words - first) : together;
        bs_job_rewind(job);
        for (form.channel = 0; form.channel < filters; form.channel += form.channels) {
            const uint32_t rest = filters - form.channel;
            uint32_t i;
            form.channels = (rest < channels) ? rest : channels;
            for (i = 0; i < gathered; i++) {
                bs_tile_sliced(job->window, first + i, &form, job->input, scratch + ((size_t)i * job->tile_words));
            }
            for (i = 0; i < form.channels; i++) {
                bs_filter_sliced(job, form.channel + i, first, gathered, scratch + ((size_t)i * form.channel_step));
            }
        }
    }
}

bs_status bs_depthwise_sliced(const bs_sliced_window *window, const bs_packed *weights, bs_counter count,
                              const bs_sliced_thresholds *thresholds, const bs_sliced_map *out, uint32_t tiles,
                              const bs_sliced_map *skip, const uint32_t *input, const uint32_t *skip_input,
                              uint32_t *output, uint32_t *tile, uint16_t *list)
{
    bs_sliced_job job;
    uint32_t pieces;
    if (window == NULL || weights == NULL || count == NULL || thresholds == NULL || out == NULL || tiles == 0U ||
        input == NULL || output == NULL || tile == NULL || (list == NULL && weights->decode != NULL) ||
        (skip != NULL && skip_input == NULL)) {
        return BS_ERROR_ARGUMENT;
    }
    bs_job_begin(&job, window, weights, count, thresholds, out);
    job.skip = skip;
    job.skip_input = skip_input;
    job.input = input;
    job.output = output;
    job.list = list;
    /* Tiles whose pieces have room beside one tile. */
    pieces = ((tiles - 1U) * job.tap_words) / PIECE_WORDS;
    if (bs_is_same(window) && (pieces > 0U)) {
        convolve_same(&job, pieces, tile);
    } else {
        convolve_any(&job, tiles, tile);
    }
    return BS_OK;
}
