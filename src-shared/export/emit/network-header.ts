import { elementsOf, mapShape } from '../ir/graph.ts';
import { ARENA_ALIGNMENT } from '../plan/types.ts';
import { banner, commentText } from './c-text.ts';
import { soundAdapter } from './sound.ts';
import { tablesOf } from './weights.ts';
import type { BundleFile, Emission } from './types.ts';

/** `include/<net>.h`: all that an application needs. */
export function networkHeader(emission: Emission): BundleFile {
  const { name, upper, graph, plan, provenance } = emission;
  const [height, width, channels] = mapShape(graph.input.shape);
  const affine = graph.nodes.find((node) => node.id === graph.output);
  const exponent = affine?.kind === 'affine' ? affine.exponent : 0;
  const classes = provenance.classes.map((title, index) => `${index} ${title}`).join(', ');
  const content =
    banner(`The network ${graph.name}.`, [
      `Run ${provenance.run}, checkpoint ${provenance.checkpoint}, Bitsmith ${provenance.appVersion}.`,
    ]) +
    `#ifndef ${upper}_H
#define ${upper}_H

#include "bitsmith.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The input: raw bytes, row by row, channels fastest. No normalisation is needed: it is part of the network. */
#define ${upper}_INPUT_HEIGHT ${height}U
#define ${upper}_INPUT_WIDTH ${width}U
#define ${upper}_INPUT_CHANNELS ${channels}U
#define ${upper}_INPUT_BYTES ${elementsOf(graph.input.shape)}U
/** The output: one logit per class. ${commentText(classes)} */
#define ${upper}_CLASSES ${graph.classes}U
/** The trained network's real logit is about logit * 2^-LOGIT_EXPONENT. */
#define ${upper}_LOGIT_EXPONENT (${exponent})
/** Working memory, given by the caller; its content need not be kept between calls. */
#define ${upper}_ARENA_BYTES ${plan.arenaBytes}U
#define ${upper}_ARENA_ALIGN ${ARENA_ALIGNMENT}U
/** Values that an observer sees. */
#define ${upper}_LAYERS ${plan.layers.length}U
/** Constant tables. */
#define ${upper}_TABLES ${tablesOf(emission).length}U

/**
 * Classifies one sample. Re-entrant: all state is in the arena.
 *
 * @param input ${upper}_INPUT_BYTES bytes
 * @param logits ${upper}_CLASSES numbers, written
 * @param arena at least ${upper}_ARENA_BYTES bytes, aligned to ${upper}_ARENA_ALIGN
 * @return BS_OK, or what is wrong with the arguments; then nothing was written
 */
bs_status ${name}_run(const uint8_t *input, int32_t *logits, void *arena, size_t arena_bytes);

/** Index of the first largest logit: the predicted class. */
uint32_t ${name}_argmax(const int32_t *logits);

#ifdef ${upper}_OBSERVE
/** For tests: sees the value of every layer right after it was computed. */
typedef void (*${name}_observer)(void *user, uint32_t layer, const bs_value *value);

/** As ${name}_run; the observer may be NULL. */
bs_status ${name}_run_observed(const uint8_t *input, int32_t *logits, void *arena, size_t arena_bytes,
    ${name}_observer observe, void *user);

/** For tests: all constant tables. */
extern const bs_table ${name}_tables[${upper}_TABLES];
#endif

#ifdef __cplusplus
}
#endif

#endif
`;
  return { path: `include/${name}.h`, content };
}

/** `verify/network.h`: the names that the test programs of `resources/runtime/harness` use. */
export function networkAdapter(emission: Emission): BundleFile {
  const { name, upper, golden } = emission;
  const content =
    banner('Lets the test programs be the same for every network.', []) +
    `#ifndef BITSMITH_NETWORK_H
#define BITSMITH_NETWORK_H

#include "${name}.h"

#define NETWORK_INPUT_BYTES ${upper}_INPUT_BYTES
#define NETWORK_CLASSES ${upper}_CLASSES
#define NETWORK_LAYERS ${upper}_LAYERS
#define NETWORK_TABLES ${upper}_TABLES
#define NETWORK_GOLDEN_SAMPLES ${golden.length}U
/** Defines an aligned arena; for static storage. The attribute is GCC's and Clang's. */
#define NETWORK_ARENA(name) uint8_t name[${upper}_ARENA_BYTES] __attribute__((aligned(${upper}_ARENA_ALIGN)))
#define network_run ${name}_run
#ifdef ${upper}_OBSERVE
#define NETWORK_OBSERVE
#define network_run_observed ${name}_run_observed
#define network_tables ${name}_tables
#endif
${soundAdapter(emission)}
#endif
`;
  return { path: 'verify/network.h', content };
}
