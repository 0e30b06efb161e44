import { ELEMENT_BYTES, wordsOfPlane } from '../plan/layout.ts';
import type { Step } from '../plan/types.ts';
import { Addresses, rowStep } from './addresses.ts';
import { banner } from './c-text.ts';
import { publicHeader } from './runtime-files.ts';
import { writeStep } from './step-writer.ts';
import type { BundleFile, Emission } from './types.ts';

/** `src/<net>.c`: constant layer descriptions and one straight sequence of kernel calls. */
export function networkSource(emission: Emission): BundleFile {
  const { name, upper, plan } = emission;
  const structs: string[] = [];
  const body: string[] = [];
  const observed: string[] = [];
  plan.steps.forEach((step, index) => {
    const symbol = emission.symbols[index] ?? '';
    const code = writeStep(emission, symbol, step);
    structs.push(...code.structs);
    body.push(`    /* ${symbol} */`, ...code.calls.map((line) => `    ${line}`));
    const layer = plan.layers.findIndex((candidate) => candidate.steps.at(-1) === index);
    if (layer < 0) return;
    const { call, map } = observeCall(emission, layer, step, symbol);
    body.push(`    ${call}`);
    observed.push(...map);
  });
  const parameters = 'const uint8_t *input, int32_t *logits, void *arena, size_t arena_bytes';
  const content =
    banner(`The network ${name}.`, ['One straight sequence of kernel calls; all state is in the arena.']) +
    `#include "${name}.h"\n\n#include <string.h>\n\n#include "${publicHeader(plan)}"\n#include "${name}_weights.h"\n\n` +
    structs.map((line) => `${line}\n`).join('') +
    `
#ifdef ${upper}_OBSERVE
${observed.map((line) => `${line}\n`).join('')}
#define OBSERVE(layer, h, w, c, row, size, planes, address) \\
    do { \\
        if (observe != NULL) { \\
            bs_value value; \\
            value.map.height = (h); \\
            value.map.width = (w); \\
            value.map.channels = (c); \\
            value.map.row_step = (row); \\
            value.element_bytes = (size); \\
            value.sliced = (planes); \\
            value.values = (address); \\
            observe(user, (layer), &value); \\
        } \\
    } while (0)

bs_status ${name}_run_observed(${parameters},
    ${name}_observer observe, void *user)
#else
#define OBSERVE(layer, h, w, c, row, size, planes, address) ((void)0)

bs_status ${name}_run(${parameters})
#endif
{
    uint8_t *const bytes = (uint8_t *)arena;
    bs_status result;
    if (input == NULL || logits == NULL || arena == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    if (arena_bytes < ${upper}_ARENA_BYTES) {
        return BS_ERROR_ARENA_SIZE;
    }
    if ((uintptr_t)arena % ${upper}_ARENA_ALIGN != 0U) {
        return BS_ERROR_ARENA_ALIGNMENT;
    }
${body.join('\n')}
    return BS_OK;
}

#ifdef ${upper}_OBSERVE
bs_status ${name}_run(${parameters})
{
    return ${name}_run_observed(input, logits, arena, arena_bytes, NULL, NULL);
}
#endif

uint32_t ${name}_argmax(const int32_t *logits)
{
    uint32_t best = 0;
    uint32_t i;
    for (i = 1; i < ${upper}_CLASSES; i++) {
        if (logits[i] > logits[best]) {
            best = i;
        }
    }
    return best;
}
`;
  return { path: `src/${name}.c`, content };
}

/** What an observer is shown behind a step, and the description of its map where it lies in planes. */
function observeCall(
  emission: Emission,
  layer: number,
  step: Step,
  symbol: string,
): { call: string; map: string[] } {
  const address = new Addresses(emission);
  if (step.kind === 'affine') {
    const classes = emission.graph.classes;
    return { call: `OBSERVE(${layer}U, 1U, 1U, ${classes}U, ${classes}U, 4U, NULL, logits);`, map: [] };
  }
  const { to } = step;
  const { sliced, height, width, channels } = to;
  const sizes = [height, width, channels, rowStep(to), sliced ? 0 : ELEMENT_BYTES[to.type]];
  const map = `${symbol}_value`;
  const facts = [...[height, width, channels, wordsOfPlane(to)].map((value) => `${value}U`)];
  return {
    call: `OBSERVE(${layer}U, ${sizes.map((value) => `${value}U`).join(', ')}, ${sliced ? `&${map}` : 'NULL'}, ${address.inner(to)});`,
    map: sliced
      ? [`static const bs_sliced_map ${map} = {${facts.join(', ')}, ${sliced.planes}U, ${sliced.low}};`]
      : [],
  };
}
