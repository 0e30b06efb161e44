import { describe, expect, it } from 'vitest';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { RESOURCES } from '#test/support/firmware.ts';
import { fuzzNetwork } from '#test/support/fuzz-networks.ts';
import { corePlace, hostPlace, SANITIZERS } from '#test/support/network-program.ts';

/**
 * Random networks of any kind, exported with random choices of kernels and packings: the firmware has every integer of
 * every layer of the reference. A difference: `npm run fuzz:firmware -- --count 1 --seed N --cores C`.
 */
const FIRST_SEED = 1000;
const COUNT = 210;
const CHECKED = 70;
// Every third one with the vector kernels, which are portable C here.
const networks = Array.from({ length: COUNT }, (_, index) =>
  fuzzNetwork(FIRST_SEED + index, 5, index % 3 === 0 ? 'cortex-m55' : 'host'),
);
/** For applications: the exporter's kernels walk this packing where it lies. */
const UNPLANNED = ['src/packed/bs_decode_steps.c'];

const builds = [
  { place: await hostPlace('gcc'), count: COUNT, what: 'optimised' },
  { place: await hostPlace('gcc', SANITIZERS), count: CHECKED, what: 'with sanitizers' },
  { place: await hostPlace('clang', ['-DBS_PORTABLE']), count: CHECKED, what: 'without compiler extensions' },
];
for (const { place, count, what } of builds) {
  describe.skipIf(!place.available)(`${count} random networks as C, ${place.title}`, () => {
    it(`have every integer of every layer of the reference, ${what}`, async () => {
      // Each build gets its own ones where it does not get all.
      const { compared, differences } = await place.run(networks.slice(-count));
      expect(differences).toEqual([]);
      expect(compared).toBeGreaterThan(count * 1000);
    });
  });
}

const CORES = [
  'cortex-m0',
  'cortex-m0plus',
  'cortex-m3',
  'cortex-m4',
  'cortex-m7',
  'cortex-m33',
  'cortex-m55',
  'rv32imc',
] as const;
const ON_CORES = 24;
const share = ON_CORES / CORES.length;
/** Networks that between them use every kernel for vectors. */
const FOR_VECTORS = [1024, 1033, 1039, 1046, 1058];
const onCores = CORES.map((core, index) => {
  const seeds = Array.from({ length: share }, (_, i) => FIRST_SEED + index * share + i);
  const all = core === 'cortex-m55' ? [...seeds, ...FOR_VECTORS] : seeds;
  return { core, networks: all.map((seed) => fuzzNetwork(seed, 5, core)) };
});
for (const { core, networks: own } of onCores) {
  const place = await corePlace(core);
  describe.skipIf(!place.available)(`${own.length} random networks on an emulated core, ${place.title}`, () => {
    it('have every integer of every layer of the reference', async () => {
      const { compared, differences } = await place.run(own);
      expect(differences).toEqual([]);
      expect(compared).toBeGreaterThan(1000);
    });
  });
}

describe(`${COUNT} random networks`, () => {
  it('use every kernel of the library and every part of one', () => {
    const all = [...networks, ...onCores.flatMap((core) => core.networks)];
    const used = new Set(all.flatMap(({ files }) => files.map(({ path }) => path)));
    // The front end of sounds comes before a network: test/runtime/sound.test.ts.
    const library = readRuntimeLibrary(RESOURCES).filter(({ path }) => /^src\/(?!sound\/).*\.c$/.test(path));
    const paths = library.map(({ path }) => path);
    expect(paths.filter((path) => !used.has(`runtime/${path}`))).toEqual(UNPLANNED);
  });
});
