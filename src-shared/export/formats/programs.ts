import { banner } from '../emit/c-text.ts';
import type { Emission } from '../emit/types.ts';

/** How a system starts a program. */
export type Entry = 'main' | 'app_main';

const OPEN: Record<Entry, string> = { main: 'int main(void)', app_main: 'void app_main(void)' };

/** A C program that classifies the first golden sample and prints the logits. Needs `vectors.h` and `network.h`. */
export function classifyProgram({ name, upper }: Emission, entry: Entry): string {
  const end = (status: number) => (entry === 'main' ? `return ${status};` : 'return;');
  return (
    banner(`Example: classifies one sample with the network ${name}.`, []) +
    `#include <stdio.h>

#include "${name}.h"
#include "vectors.h"

static NETWORK_ARENA(arena);
static int32_t logits[${upper}_CLASSES];

${prototype(entry)}${OPEN[entry]}
{
    uint32_t i;
    const bs_status status = ${name}_run(golden_inputs[0], logits, arena, sizeof arena);
    if (status != BS_OK) {
        (void)printf("error %d\\n", (int)status);
        ${end(1)}
    }
    for (i = 0; i < ${upper}_CLASSES; i++) {
        (void)printf("class %u: %ld\\n", (unsigned)i, (long)logits[i]);
    }
    (void)printf("predicted class: %u\\n", (unsigned)${name}_argmax(logits));
    ${end(0)}
}
`
  );
}

/** A C program that runs the self test and prints PASS or the first layer that differs. Needs the observer. */
export function selfTestProgram({ name }: Emission, entry: Entry): string {
  const end = (status: number) => (entry === 'main' ? `return ${status};` : 'return;');
  return (
    banner(`Self test of the network ${name} on the device.`, [
      'Prints PASS, the first corrupt table, or the first sample and layer that differ from the reference.',
    ]) +
    `#include <stdio.h>

#include "self_test.h"

static NETWORK_ARENA(arena);

${prototype(entry)}${OPEN[entry]}
{
    self_test_report report;
    const uint32_t agreeing = self_test(arena, sizeof arena, &report);
    if (agreeing == NETWORK_GOLDEN_SAMPLES) {
        (void)printf("PASS: %u samples agree in every integer\\n", (unsigned)agreeing);
        ${end(0)}
    }
    if (report.table[0] != '\\0') {
        (void)printf("FAIL: corrupt table %s\\n", report.table);
        ${end(1)}
    }
    (void)printf("FAIL: sample %u differs first in layer %s\\n", (unsigned)report.sample, report.layer);
    ${end(1)}
}
`
  );
}

/** `app_main` is no name that compilers know: without a prototype they warn. */
function prototype(entry: Entry): string {
  return entry === 'main' ? '' : `${OPEN[entry]};\n\n`;
}
