import { elementsOf } from '#shared/export/ir/graph.ts';
import type { EmittedNetwork } from './network-program.ts';

/**
 * The main of a program of many networks: `<net>.in` has the samples, `<net>.out` gets every layer and the logits, int32.
 *
 * @param memory `exact`: every network has memory of exactly its size, so that a sanitizer sees one byte too many;
 *   `shared`: all have the same, for boards with little of it
 */
export function programMain(networks: readonly EmittedNetwork[], memory: 'exact' | 'shared'): string {
  const most = (size: (network: EmittedNetwork) => number) => Math.max(...networks.map(size));
  const buffers = (sample: number, logits: number, arena: number) =>
    `static uint8_t sample[${sample}];
static int32_t logits[${logits}];
static uint8_t arena[${arena}] __attribute__((aligned(16)));
`;
  const inputOf = ({ graph }: EmittedNetwork) => elementsOf(graph.input.shape);
  const shared = buffers(
    most(inputOf),
    most(({ graph }) => graph.classes),
    most(({ arenaBytes }) => arenaBytes),
  );
  const runs = networks.map((network) => {
    const { name, graph, arenaBytes } = network;
    const bytes = inputOf(network);
    return `
static int run_${name}(void)
{
${memory === 'exact' ? buffers(bytes, graph.classes, arenaBytes) : ''}    const int in = port_open("${name}.in", 0);
    int out = port_open("${name}.out", 1);
    if (in < 0 || out < 0) {
        return 1;
    }
    while (port_read(in, sample, ${bytes}) == ${bytes}) {
        memset(arena, 0xA5, ${arenaBytes});
        if (${name}_run_observed(sample, logits, arena, ${arenaBytes}, observe, &out) != BS_OK) {
            return 1;
        }
        write_words(out, logits, ${graph.classes});
    }
    port_close(in);
    port_close(out);
    return 0;
}
`;
  });
  return `#include <string.h>
#include "port.h"
${networks.map(({ name }) => `#include "${name}.h"`).join('\n')}

#define WORDS 64U

static void write_words(int file, const int32_t *words, uint32_t count)
{
    uint8_t bytes[4U * WORDS];
    uint32_t i;
    for (i = 0; i < count; i++) {
        const uint32_t word = (uint32_t)words[i];
        uint8_t *const to = &bytes[4U * (i % WORDS)];
        to[0] = (uint8_t)(word & 255U);
        to[1] = (uint8_t)((word >> 8) & 255U);
        to[2] = (uint8_t)((word >> 16) & 255U);
        to[3] = (uint8_t)((word >> 24) & 255U);
        if (i % WORDS == WORDS - 1U || i + 1U == count) {
            if (port_write(file, bytes, 4U * ((i % WORDS) + 1U)) != 0) {
                port_exit(3);
            }
        }
    }
}

static void observe(void *user, uint32_t layer, const bs_value *value)
{
    const uint32_t count = value->map.height * value->map.width * value->map.channels;
    int32_t words[WORDS];
    uint32_t i;
    (void)layer;
    for (i = 0; i < count; i++) {
        words[i % WORDS] = bs_value_at(value, i);
        if (i % WORDS == WORDS - 1U || i + 1U == count) {
            write_words(*(const int *)user, words, (i % WORDS) + 1U);
        }
    }
}

${memory === 'shared' ? shared : ''}${runs.join('')}
int main(void)
{
    const int failed = ${networks.map(({ name }) => `run_${name}()`).join(' || ')};
    port_exit(failed ? 1 : 0);
    return 0;
}
`;
}
