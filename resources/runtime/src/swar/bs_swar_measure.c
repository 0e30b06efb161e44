/* SPDX-License-Identifier: Apache-2.0 */
#include "swar.h"

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b != 0U) {
        const uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static uint32_t depth_of(bs_swar_tables tables, uint32_t channels)
{
    uint32_t depth = channels;
    if (tables == BS_SWAR_QUADS) {
        depth = ((channels + 3U) >> 2) * 8U;
    } else if (tables == BS_SWAR_TRIPLES) {
        depth = ((channels + 2U) / 3U) * 13U;
    } else if (tables != BS_SWAR_SINGLE) {
        depth = ((channels + 1U) >> 1) * 4U;
    } else {
        /* The channels themselves. */
    }
    return depth;
}

/* A kernel of one row or column has no dilation, and its stride skips nothing that another tap needs. */
void bs_swar_measure(const bs_swar_window *window, const bs_swar_plan *plan, uint32_t linear, uint32_t depthwise,
                     bs_swar_shape *shape)
{
    const uint32_t rows_unit = (window->kernel_height == 1U)
                                   ? window->stride_height
                                   : common_divisor(window->stride_height, window->dilation_height);
    const uint32_t columns_unit = (window->kernel_width == 1U)
                                      ? window->stride_width
                                      : common_divisor(window->stride_width, window->dilation_width);
    const uint32_t stride = window->stride_width / columns_unit;
    shape->tables = plan->tables;
    shape->channels = window->channels;
    shape->kernel_height = window->kernel_height;
    shape->kernel_width = window->kernel_width;
    shape->in_width = window->in_width;
    shape->left = window->left;
    shape->stride_width = window->stride_width;
    shape->dilation_width = window->dilation_width;
    shape->runs = (stride < window->kernel_width) ? stride : window->kernel_width;
    shape->run_step = (window->kernel_width == 1U) ? 0U : (window->dilation_width / columns_unit);
    shape->run_words = (((window->kernel_width - 1U) / stride) * shape->run_step) + 4U;
    shape->span = shape->runs * shape->run_words;
    shape->depth = depth_of(plan->tables, window->channels);
    shape->tap_depth = (depthwise != 0U) ? 1U : shape->depth;
    shape->slot_rows = rows_unit;
    shape->row_slots = window->stride_height / rows_unit;
    shape->tap_slots = (window->kernel_height == 1U) ? 0U : (window->dilation_height / rows_unit);
    shape->height = window->height;
    shape->width = window->width;
    shape->rows = (plan->rows < window->height) ? plan->rows : window->height;
    shape->flat = ((linear != 0U) && (window->kernel_height == 1U) && (window->kernel_width == 1U) &&
                   (window->stride_height == 1U) && (window->stride_width == 1U) && (window->top == 0U) &&
                   (window->left == 0U) && (window->height == window->in_height) &&
                   (window->width == window->in_width) && (window->row_step == window->in_width * window->channels))
                      ? 1U
                      : 0U;
    if (shape->flat != 0U) {
        shape->height = 1U;
        shape->width = window->height * window->width;
        shape->in_width = shape->width;
        shape->rows = 1U;
    }
    shape->tiles = (shape->width + 7U) >> 3;
    if ((shape->flat != 0U) && (plan->rows < shape->tiles)) {
        shape->tiles = plan->rows;
    }
    shape->slots = ((shape->rows - 1U) * shape->row_slots) + ((window->kernel_height - 1U) * shape->tap_slots) + 1U;
    shape->slot_words = shape->depth * shape->span;
    shape->tile_words = shape->slots * shape->slot_words;
}
