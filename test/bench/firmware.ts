import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { OBJECTIVES, PlanOptionsSchema } from '#shared/export/plan/options.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { CASES, type BenchCase } from './firmware/cases.ts';
import { measureOnCore } from './firmware/measure.ts';
import { benchReport, goalRows, namesOf, ratioOf, rowOf, type BenchRow } from './firmware/report.ts';

/**
 * Instructions of single layers and whole networks on emulated cores, beside CMSIS-NN's:
 *
 *   npm run bench:firmware -- [--cores a,b] [--only text] [--objective speed] [--reference] [--out file]
 *
 * Writes docs/firmware-benchmarks.md when everything was measured, or the file that is asked for.
 */
const CORES: readonly TargetId[] = [
  'cortex-m4',
  'cortex-m0plus',
  'cortex-m3',
  'cortex-m7',
  'cortex-m33',
  'cortex-m55',
  'rv32imc',
];

const { values: given } = parseArgs({
  options: {
    cores: { type: 'string' },
    only: { type: 'string' },
    objective: { type: 'string', default: 'speed' },
    reference: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const cores = (given.cores?.split(',') ?? CORES).map((core) => targetOf(core).id);
const cases = CASES.filter((bench) => given.only === undefined || bench.id.includes(given.only));
const objective = OBJECTIVES.find((known) => known === given.objective);
if (!objective) throw new Error(`--objective ${given.objective}: allowed are ${OBJECTIVES.join(', ')}`);
const options = PlanOptionsSchema.parse({ kernels: given.reference ? 'reference' : 'auto', objective });

const rows: BenchRow[] = [];
for (const core of cores) {
  for (const bench of cases) {
    const row = await measureCase(bench, core);
    if (row) rows.push(row);
  }
}
console.log('\ngoals');
for (const row of goalRows(rows)) console.log(`  ${row.join('  ')}`);

const complete = cases.length === CASES.length && cores.length === CORES.length && !given.reference;
const out =
  given.out ??
  (complete ? fileURLToPath(new URL('../../docs/firmware-benchmarks.md', import.meta.url)) : undefined);
if (out !== undefined) {
  const found = await createToolchain().all();
  const tools = found.filter((tool) => /arm|riscv/.test(tool.id)).map((tool) => tool.title);
  const text = benchReport(rows, { tools });
  const formatting = await prettier.resolveConfig(out);
  fs.writeFileSync(out, await prettier.format(text, { ...formatting, parser: 'markdown' }));
  console.log(`\nwrote ${out}`);
}

async function measureCase(bench: BenchCase, core: TargetId): Promise<BenchRow | undefined> {
  const measured = await measureOnCore(bench.graph(), core, options);
  if (!measured) {
    console.log(`${core}: its compiler or emulator is not installed`);
    return undefined;
  }
  const row = rowOf(bench, core, measured);
  const { layers, instructions } = row;
  const ratio = ratioOf(row);
  const what = bench.nodes
    ? `${namesOf(layers, 'kernel')} ${namesOf(layers, 'packing')}`
    : `${layers.length} layers`;
  console.log(
    `${core.padEnd(14)} ${bench.id.padEnd(52)} ${Math.round(instructions).toLocaleString('en').padStart(12)} ` +
      `${ratio === undefined ? '' : `${ratio.toFixed(2)}×`.padStart(7)}  ${what}`,
  );
  return row;
}
