import { featureScale, type InputFeature } from '../../dataset/features.ts';
import { arrayText, banner, commentText } from './c-text.ts';
import type { BundleFile, Emission } from './types.ts';

/**
 * `include/<net>_input.h`: how raw values become the network's input bytes, for a data set whose raw values are no bytes.
 * Kept apart, because the network itself needs no floating point. It computes what `dataset/features.ts` defines, bit for
 * bit: the volatile product keeps a compiler from fusing it with what follows.
 */
export function inputMapFiles({ name, upper, provenance }: Emission): BundleFile[] {
  const { features } = provenance;
  if (!features) return [];
  const constants = (what: string, of: (feature: InputFeature) => number) =>
    arrayText(
      `static const float ${name}_input_${what}[${upper}_FEATURES]`,
      features.map((feature) => floatLiteral(of(feature))),
    );
  const content =
    banner('How raw values become the input of the network.', [
      'byte = (value - minimum) * scale, rounded, from 0 to 255; one map for each channel.',
    ]) +
    `#ifndef ${upper}_INPUT_H
#define ${upper}_INPUT_H

#include "${name}.h"

/** Channels in their order: ${commentText(features.map(({ name: title }, c) => `${c} ${title}`).join(', '))} */
#define ${upper}_FEATURES ${features.length}U

${constants('minimum', ({ minimum }) => minimum)}
${constants('scale', featureScale)}
/** The input byte of one raw value. @param feature less than ${upper}_FEATURES */
static inline uint8_t ${name}_input_byte(uint32_t feature, float value)
{
    const volatile float above = value - ${name}_input_minimum[feature];
    const volatile float steps = above * ${name}_input_scale[feature];
    const float t = steps;
    if (!(t > 0.0F)) {
        return 0U;
    }
    if (t >= 255.0F) {
        return 255U;
    }
    const uint32_t whole = (uint32_t)t;
    return (uint8_t)(t - (float)whole >= 0.5F ? whole + 1U : whole);
}

/** A whole sample. @param values ${upper}_INPUT_BYTES raw values, channels fastest @param input written */
static inline void ${name}_input_bytes(const float *values, uint8_t *input)
{
    for (uint32_t i = 0U; i < ${upper}_INPUT_BYTES; i++) {
        input[i] = ${name}_input_byte(i % ${upper}_FEATURES, values[i]);
    }
}

#endif
`;
  return [{ path: `include/${name}_input.h`, content }];
}

/** Rows of the README's table about the input; empty where raw values are bytes. */
export function inputMapText({ name, provenance }: Emission): string {
  const { features } = provenance;
  if (!features) return '';
  const rows = features.map(
    (feature, c) =>
      `| ${c} | ${feature.name.replaceAll('|', '/')} | ${feature.minimum} | ${feature.maximum} |`,
  );
  return `
## Input

Raw values become bytes by \`${name}_input_bytes\` of \`${name}_input.h\`: (value − a) · 255 / (b − a), rounded, from 0 to 255.

| channel | name | a: value of byte 0 | b: value of byte 255 |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** Nine digits name a float32. */
function floatLiteral(value: number): string {
  return `${value.toExponential(8)}F`;
}
