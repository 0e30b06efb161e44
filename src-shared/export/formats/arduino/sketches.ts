import { arrayText, banner } from '../../emit/c-text.ts';
import type { BundleFile, Emission } from '../../emit/types.ts';

const setup = `void setup()
{
    Serial.begin(115200);
    while (!Serial && millis() < 3000) {
    }
}
`;

/** `examples/Classify/`: one sample again and again, with the time that it takes. */
export function classifySketch({ name, upper, golden }: Emission): BundleFile[] {
  const input = golden[0]?.input ?? new Uint8Array(0);
  const sketch =
    banner(`Classifies one sample with the network ${name} and prints the logits and the time.`, []) +
    `#include <${name}.h>

#include "sample.h"

static uint8_t arena[${upper}_ARENA_BYTES] __attribute__((aligned(${upper}_ARENA_ALIGN)));
static int32_t logits[${upper}_CLASSES];

${setup}
void loop()
{
    const uint32_t begin = micros();
    const bs_status status = ${name}_run(sample, logits, arena, sizeof arena);
    const uint32_t end = micros();
    if (status != BS_OK) {
        Serial.print("error ");
        Serial.println((int)status);
    } else {
        for (uint32_t i = 0; i < ${upper}_CLASSES; i++) {
            Serial.print("class ");
            Serial.print((unsigned long)i);
            Serial.print(": ");
            Serial.println((long)logits[i]);
        }
        Serial.print("predicted class: ");
        Serial.println((unsigned long)${name}_argmax(logits));
        Serial.print("microseconds: ");
        Serial.println((unsigned long)(end - begin));
    }
    delay(2000);
}
`;
  const header =
    banner(`A sample that the network ${name} takes: the first golden one.`, []) +
    `#ifndef SAMPLE_H\n#define SAMPLE_H\n\n#include <stdint.h>\n\n` +
    arrayText(`static const uint8_t sample[${input.length}]`, Array.from(input, String)) +
    '\n#endif\n';
  return [
    { path: 'examples/Classify/Classify.ino', content: sketch },
    { path: 'examples/Classify/sample.h', content: header },
  ];
}

/** `examples/SelfTest/`: all golden samples; with the observer, every layer of them. */
export function selfTestSketch({ name, upper }: Emission, parts: readonly BundleFile[]): BundleFile[] {
  const sketch =
    banner(`Self test of the network ${name} on the device.`, [
      'Compares the logits of the golden samples with the reference.',
      `Compiled with -D${upper}_OBSERVE for the sketch and its libraries, it compares every table and layer and names the first that differs.`,
    ]) +
    `#include <${name}.h>

extern "C" {
#include "vectors.h"
}

static uint8_t arena[${upper}_ARENA_BYTES] __attribute__((aligned(${upper}_ARENA_ALIGN)));
static int32_t logits[${upper}_CLASSES];

#ifdef ${upper}_OBSERVE
static const uint32_t *expected;
static uint32_t first_wrong;

static void compare(void *, uint32_t layer, const bs_value *value)
{
    if (layer < first_wrong && bs_crc32_value(value) != expected[layer]) {
        first_wrong = layer;
    }
}
#endif

/* What differs first in a sample, or NULL when all agrees. */
static const char *difference(uint32_t index)
{
#ifdef ${upper}_OBSERVE
    expected = golden_crcs[index];
    first_wrong = ${upper}_LAYERS;
    if (${name}_run_observed(golden_inputs[index], logits, arena, sizeof arena, compare, NULL) != BS_OK) {
        return "run";
    }
    if (first_wrong < ${upper}_LAYERS) {
        return golden_layer_names[first_wrong];
    }
#else
    if (${name}_run(golden_inputs[index], logits, arena, sizeof arena) != BS_OK) {
        return "run";
    }
#endif
    for (uint32_t i = 0; i < ${upper}_CLASSES; i++) {
        if (logits[i] != golden_logits[index][i]) {
            return "logits";
        }
    }
    return NULL;
}

${setup}
void loop()
{
    uint32_t agreeing = 0;
#ifdef ${upper}_OBSERVE
    for (uint32_t i = 0; i < NETWORK_TABLES; i++) {
        if (bs_crc32_table(&${name}_tables[i]) != golden_table_crcs[i]) {
            Serial.print("FAIL: corrupt table ");
            Serial.println(${name}_tables[i].name);
            delay(5000);
            return;
        }
    }
#endif
    for (uint32_t index = 0; index < NETWORK_GOLDEN_SAMPLES; index++) {
        const char *const wrong = difference(index);
        if (wrong == NULL) {
            agreeing++;
        } else {
            Serial.print("FAIL: sample ");
            Serial.print((unsigned long)index);
            Serial.print(" differs first in ");
            Serial.println(wrong);
        }
    }
    if (agreeing == NETWORK_GOLDEN_SAMPLES) {
        Serial.println("PASS");
    }
    delay(5000);
}
`;
  const copies = ['test/vectors.c', 'test/vectors.h', 'verify/network.h'].flatMap((path) =>
    parts
      .filter((part) => part.path === path)
      .map(({ content }) => ({ path: `examples/SelfTest/${path.slice(path.indexOf('/') + 1)}`, content })),
  );
  return [{ path: 'examples/SelfTest/SelfTest.ino', content: sketch }, ...copies];
}
