import { banner } from './c-text.ts';
import type { BundleFile, Emission } from './types.ts';

/** `examples/main.c`: a whole program that classifies the first golden sample. */
export function exampleFile({ name, upper }: Emission): BundleFile {
  const content =
    banner(`Example: classifies one sample with the network ${name}.`, []) +
    `#include <stdio.h>

#include "${name}.h"
#include "vectors.h"

static NETWORK_ARENA(arena);

int main(void)
{
    int32_t logits[${upper}_CLASSES];
    uint32_t i;
    const bs_status status = ${name}_run(golden_inputs[0], logits, arena, sizeof arena);
    if (status != BS_OK) {
        (void)printf("error %d\\n", (int)status);
        return 1;
    }
    for (i = 0; i < ${upper}_CLASSES; i++) {
        (void)printf("class %u: %ld\\n", (unsigned)i, (long)logits[i]);
    }
    (void)printf("predicted class: %u\\n", (unsigned)${name}_argmax(logits));
    return 0;
}
`;
  return { path: 'examples/main.c', content };
}
