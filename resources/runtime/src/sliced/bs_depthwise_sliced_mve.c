/* SPDX-License-Identifier: Apache-2.0 */
#include "listed.h"
#include "place_mve.h"

/** Words in which the pieces of a tap are kept, as members of bs_pieces in their order. */
#define PIECES_WORDS 14U

static void keep(const bs_pieces *at, uint32_t *to)
{
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        to[i] = at->low[i];
        to[i + 4U] = at->high[i];
        to[i + 8U] = at->mask[i];
    }
    to[12] = at->right;
    to[13] = at->left;
}

/** Where every tap of `tiles` tiles from `first` on lies in a plane, the same for all channels. */
static void find_pieces(const bs_sliced_window *window, uint32_t first, uint32_t tiles, uint32_t *pieces)
{
    const uint32_t taps = window->kernel_height * window->kernel_width;
    uint32_t t;
    for (t = 0; t < tiles; t++) {
        const bs_group group = bs_group_of(window, first + t);
        uint32_t dx;
        for (dx = 0; dx < window->kernel_width; dx++) {
            const int32_t right = (int32_t)(dx * window->dilation_width) - (int32_t)window->left;
            int32_t down = -(int32_t)window->top;
            uint32_t columns[4];
            uint32_t tap;
            bs_group_columns(&group, window->width, right, columns);
            for (tap = dx; tap < taps; tap += window->kernel_width) {
                const bs_pieces at = bs_same_pieces(window, &group, down, right, columns);
                keep(&at, pieces + ((size_t)PIECES_WORDS * tap));
                down += (int32_t)window->dilation_height;
            }
        }
        pieces += (size_t)PIECES_WORDS * taps;
    }
}

static inline bs_quad bits_at(const uint32_t *plane, const uint32_t *at)
{
    return bs_quad_or(bs_quad_right(bs_quad_gather(plane, bs_quad_load(at)), at[12]),
                      bs_quad_left(bs_quad_gather(plane, bs_quad_load(at + 4)), at[13]));
}

/** Of a channel's tile the taps that its filter needs, from their pieces. */
static BS_KEEP_ORDER void gather_channel(bs_sliced_job *job, uint32_t channel, uint32_t number, uint32_t *tile)
{
    const bs_sliced_map *const in = &job->window->in;
    const size_t words = (size_t)PIECES_WORDS * job->weights->taps;
    const uint32_t *const plane = job->input + ((size_t)channel * in->planes * in->words);
    const uint32_t *at = job->pieces + (number * words);
    const uint32_t *const end = at + words;
    uint32_t wanted;
    if (number == 0U) {
        job->wanted = bs_listed_taps(job);
    }
    wanted = job->wanted;
    for (; at != end; at += PIECES_WORDS) {
        if ((wanted & 1U) != 0U) {
            const bs_quad mask = bs_quad_load(at + 8);
            const bs_quad plus = bits_at(plane, at);
            if (job->tap_words == 1U) {
                bs_quad_store(tile, bs_quad_and(plus, mask));
            } else {
                bs_quad nonzero = mask;
                if (in->planes == 2U) {
                    nonzero = bs_quad_and(bs_quad_or(plus, bits_at(plane + in->words, at)), mask);
                }
                bs_quad_store(tile, bs_quad_not(nonzero));
                bs_quad_store(tile + 4, bs_quad_and(plus, mask));
            }
        }
        /* Turned, so that all ones stay. */
        wanted = (wanted >> 1) | (wanted << 31);
        tile += 4U * job->tap_words;
    }
}

/** Outputs as the inputs: pieces once for all channels, then a channel's tile at a time. */
static void convolve_same(bs_sliced_job *job, bs_counter_mve count, uint32_t groups, uint32_t tiles, uint32_t *scratch)
{
    uint32_t *const pieces = scratch + ((size_t)4U * job->tap_words * job->weights->taps);
    uint32_t first;
    job->prepare = gather_channel;
    job->pieces = pieces;
    job->tile_words = 0;
    for (first = 0; first < groups; first += tiles) {
        const uint32_t together = (groups - first < tiles) ? (groups - first) : tiles;
        uint32_t channel;
        find_pieces(job->window, first, together, pieces);
        bs_job_rewind(job);
        for (channel = 0; channel < job->weights->filters; channel++) {
            bs_filter_sliced_mve(job, count, channel, first, together, scratch);
        }
    }
}

/** Any outputs: a tile of several channels at a time, so that a place is found once for all of them. */
static void convolve_any(bs_sliced_job *job, bs_counter_mve count, uint32_t groups, uint32_t tiles, uint32_t *scratch)
{
    const uint32_t filters = job->weights->filters;
    const uint32_t room = 1U + ((tiles * PIECES_WORDS) / (4U * job->tap_words));
    const uint32_t channels = (room < filters) ? room : filters;
    uint32_t first;
    bs_tile_form form;
    form.tap_step = 4U * job->tap_words;
    form.channel_step = job->weights->taps * form.tap_step;
    job->tile_words = form.channel_step * channels;
    for (first = 0; first < groups; first++) {
        bs_job_rewind(job);
        for (form.channel = 0; form.channel < filters; form.channel += form.channels) {
            const uint32_t rest = filters - form.channel;
            uint32_t i;
            form.channels = (rest < channels) ? rest : channels;
            bs_tile_sliced_mve(job->window, first, &form, job->input, scratch);
            for (i = 0; i < form.channels; i++) {
                bs_filter_sliced_mve(job, count, form.channel + i, first, 1, scratch + ((size_t)i * form.channel_step));
            }
        }
    }
}

bs_status bs_depthwise_sliced_mve(const bs_sliced_window *window, const bs_packed *weights, bs_counter_mve count,
                                  const bs_sliced_thresholds *thresholds, const bs_sliced_map *out, uint32_t tiles,
                                  const bs_sliced_map *skip, const uint32_t *input, const uint32_t *skip_input,
                                  uint32_t *output, uint32_t *tile, uint16_t *list)
{
    bs_sliced_job job;
    uint32_t groups;
    if (window == NULL || weights == NULL || count == NULL || thresholds == NULL || out == NULL || tiles == 0U ||
        input == NULL || output == NULL || tile == NULL || (list == NULL && weights->decode != NULL) ||
        (skip != NULL && skip_input == NULL)) {
        return BS_ERROR_ARGUMENT;
    }
    bs_job_begin(&job, window, weights, NULL, thresholds, out);
    job.skip = skip;
    job.skip_input = skip_input;
    job.input = input;
    job.output = output;
    job.list = list;
    groups = (out->words + 3U) >> 2;
    if (bs_is_same(window)) {
        convolve_same(&job, count, groups, tiles, tile);
    } else {
        convolve_any(&job, count, groups, tiles, tile);
    }
    return BS_OK;
}
