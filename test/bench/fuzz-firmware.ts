import { parseArgs } from 'node:util';
import { TARGETS } from '#shared/export/targets/index.ts';
import { fuzzNetwork, type FuzzNetwork } from '#test/support/fuzz-networks.ts';
import { corePlace, hostPlace, SANITIZERS, type Place } from '#test/support/network-program.ts';

/**
 * Random networks as firmware, every integer of every layer against the reference:
 *
 *   npm run fuzz:firmware -- [--count N] [--seed S] [--cores gcc,sanitizers,clang,portable,cortex-m4,…] [--samples N]
 *
 * Seeds S, S + 1, … A difference is printed with its seed, the first layer that differs and how to run it again; the
 * exit status is then 1.
 */
const BATCH = 50;
const { values: given } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    cores: { type: 'string', default: 'gcc,sanitizers' },
    samples: { type: 'string', default: '6' },
  },
});
const count = wholeNumber('count', given.count);
const first = wholeNumber('seed', given.seed);
const samples = wholeNumber('samples', given.samples);
const names = given.cores.split(',');
const places = await Promise.all(names.map(placeOf));
for (const place of places) if (!place.available) console.log(place.title);

let compared = 0;
let failed = 0;
for (let from = 0; from < count; from += BATCH) {
  const seeds = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => first + from + i);
  const emitted = new Map<string, FuzzNetwork[]>();
  for (const [index, place] of places.entries()) {
    if (!place.available) continue;
    const name = names[index] ?? '';
    const networks = emitted.get(place.target) ?? emitAll(seeds, place, name);
    emitted.set(place.target, networks);
    await runBatch(networks, place, name);
  }
  console.log(
    `${Math.min(count, from + BATCH)} of ${count} networks, ${compared.toLocaleString('en')} integers compared, ${failed} failed`,
  );
}
process.exitCode = failed === 0 ? 0 : 1;

function emitAll(seeds: readonly number[], place: Place, name: string): FuzzNetwork[] {
  return seeds.flatMap((seed) => {
    try {
      return [fuzzNetwork(seed, samples, place.target)];
    } catch (error) {
      complain(seed, name, `the exporter failed: ${messageOf(error)}`);
      return [];
    }
  });
}

async function runBatch(networks: readonly FuzzNetwork[], place: Place, name: string): Promise<void> {
  try {
    const outcome = await place.run(networks);
    compared += outcome.compared;
    for (const difference of outcome.differences) {
      const { network, sample, layer, kernel, index, got, expected } = difference;
      const seed = Number(network.replace(/\D/g, ''));
      complain(seed, name, `sample ${sample}, layer ${layer}[${index}] (${kernel}): ${got}, not ${expected}`);
    }
  } catch (error) {
    // The program was refused or crashed: which network is it?
    const half = networks.length >> 1;
    if (half > 0) {
      await runBatch(networks.slice(0, half), place, name);
      await runBatch(networks.slice(half), place, name);
    } else if (networks[0]) complain(networks[0].seed, name, messageOf(error));
  }
}

function complain(seed: number, name: string, what: string): void {
  failed++;
  console.log(
    `FAILED: seed ${seed} on ${name}: ${what}\n  again: npm run fuzz:firmware -- --count 1 --seed ${seed} --cores ${name} --samples ${samples}`,
  );
}

function messageOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const lines = (stderr ?? message ?? String(error)).split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /error|fault/i.test(line)) ?? lines[0] ?? '').slice(0, 300);
}

function placeOf(name: string): Promise<Place> {
  switch (name) {
    case 'gcc':
    case 'clang':
      return hostPlace(name);
    case 'portable':
      return hostPlace('gcc', ['-DBS_PORTABLE']);
    case 'sanitizers':
      return hostPlace('gcc', SANITIZERS);
    default: {
      const target = TARGETS.find(({ id, machine }) => id === name && machine);
      if (target) return corePlace(target.id);
      const cores = TARGETS.filter(({ machine }) => machine).map(({ id }) => id);
      throw new Error(`--cores ${name}: allowed are gcc, clang, portable, sanitizers, ${cores.join(', ')}`);
    }
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name} ${text}: must be a whole number from 1 on`);
}
