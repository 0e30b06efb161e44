import { ELEMENT_BYTES } from '../plan/plan.ts';
import type { Step } from '../plan/types.ts';
import { Addresses, rowStep } from './addresses.ts';
import { banner } from './c-text.ts';
import { StepWriter } from './step-writer.ts';
import type { BundleFile, Emission } from './types.ts';

/** `src/<net>.c`: constant layer descriptions and one straight sequence of kernel calls. */
export function networkSource(emission: Emission): BundleFile {
  const { name, upper, plan } = emission;
  const structs: string[] = [];
  const body: string[] = [];
  plan.steps.forEach((step, index) => {
    const symbol = emission.symbols[index] ?? '';
    const code = new StepWriter(emission, symbol).write(step);
    structs.push(...code.structs);
    body.push(`    /* ${symbol} */`, ...code.calls.map((line) => `    ${line}`));
    const layer = plan.layers.findIndex((candidate) => candidate.step === index);
    const observed = layer >= 0 ? observeCall(emission, layer, step) : undefined;
    if (observed) body.push(`    ${observed}`);
  });
  const parameters = 'const uint8_t *input, int32_t *logits, void *arena, size_t arena_bytes';
  const content =
    banner(`The network ${name}.`, ['One straight sequence of kernel calls; all state is in the arena.']) +
    `#include "${name}.h"\n\n#include <string.h>\n\n#include "${name}_weights.h"\n\n` +
    structs.map((line) => `${line}\n`).join('') +
    `
#ifdef ${upper}_OBSERVE
#define OBSERVE(layer, h, w, c, row, size, address) \\
    do { \\
        if (observe != NULL) { \\
            bs_value value; \\
            value.map.height = (h); \\
            value.map.width = (w); \\
            value.map.channels = (c); \\
            value.map.row_step = (row); \\
            value.element_bytes = (size); \\
            value.values = (address); \\
            observe(user, (layer), &value); \\
        } \\
    } while (0)

bs_status ${name}_run_observed(${parameters},
    ${name}_observer observe, void *user)
#else
#define OBSERVE(layer, h, w, c, row, size, address) ((void)0)

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

function observeCall(emission: Emission, layer: number, step: Step): string {
  const address = new Addresses(emission);
  if (step.kind === 'affine') {
    const classes = emission.graph.classes;
    return `OBSERVE(${layer}U, 1U, 1U, ${classes}U, ${classes}U, 4U, logits);`;
  }
  const { to } = step;
  const sizes = [to.height, to.width, to.channels, rowStep(to), ELEMENT_BYTES[to.type]].map(
    (value) => `${value}U`,
  );
  return `OBSERVE(${layer}U, ${sizes.join(', ')}, ${address.inner(to)});`;
}
