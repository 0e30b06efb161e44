import { describe, expect, it } from 'vitest';
import { boardRunner, hostRunners } from '#test/support/kernel-program.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { expectedOf, streamOf, SWAR_PROGRAM } from '#test/support/swar-cases.ts';
import { randomSwarCase } from '#test/support/swar-random.ts';

const PROGRAM = { sources: ['swar', 'packed'], headers: ['bitsmith_swar.h'], body: SWAR_PROGRAM };

const runners = [
  ...(await hostRunners()).map((runner) => ({ runner, count: 150 })),
  { runner: await boardRunner('cortex-m0'), count: 40 },
  { runner: await boardRunner('cortex-m3'), count: 40 },
  { runner: await boardRunner('cortex-m4'), count: 40 },
  { runner: await boardRunner('rv32imc'), count: 40 },
];

for (const { runner, count } of runners) {
  describe.skipIf(!runner.available)(`SWAR convolutions, ${runner.title}`, () => {
    it(`give the integers of the definition in ${count} random cases`, { timeout: 120_000 }, () => {
      const draw = new Draw(41, 'swar');
      const cases = Array.from({ length: count }, () => randomSwarCase(draw));
      const outputs = runner.run(PROGRAM, cases.flatMap(streamOf));
      let at = 0;
      for (const [index, of] of cases.entries()) {
        const expected = [0, ...expectedOf(of)];
        const got = [...outputs.subarray(at, at + expected.length)];
        at += expected.length;
        const wrong = expected.findIndex((value, i) => got[i] !== value);
        const { input, levels, thresholds, ...facts } = of;
        void [input, levels, thresholds];
        expect(wrong, `case ${index}: ${wrong} is ${got[wrong]}, not ${expected[wrong]}; ${JSON.stringify(facts)}`).toBe(-1);
      }
      expect(at).toBe(outputs.length);
    });
  });
}
