import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { table } from '#main/cli/output.ts';
import { findChromium } from '#test/support/chromium.ts';
import { MEASUREMENTS } from './window/measurements/index.ts';
import { benchReport, figureRows, isMet, type Measured } from './window/report.ts';
import { sizeOf, type BenchOptions } from './window/types.ts';

/**
 * How fast the built window answers, in headless Chromium on a real host:
 *
 *   npm run bench:window -- [--only a,b] [--quick] [--minutes N] [--repeats N] [--window DIR] [--note TEXT] [--write]
 *
 * `--write` puts what was measured into docs/window-benchmarks.md, beside what is there of the rest; `--note` says there
 * what else is to be known, e.g. that the machine had other work.
 * Exit status 1 when a goal is not met.
 */
const { values: given } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
    repeats: { type: 'string', default: '7' },
    window: { type: 'string' },
    note: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});
const wanted = given.only.split(',').filter(Boolean);
const unknown = wanted.filter((id) => !MEASUREMENTS.some((each) => each.id === id));
if (unknown.length > 0) {
  const known = MEASUREMENTS.map(({ id }) => id).join(', ');
  throw new Error(`--only ${unknown.join(',')}: allowed are ${known}`);
}
const options: BenchOptions = {
  quick: given.quick,
  minutes: Number(given.minutes),
  repeats: given.quick ? 1 : Number(given.repeats),
  built: given.window,
};

const all: Measured[] = [];
for (const measurement of MEASUREMENTS) {
  if (wanted.length > 0 && !wanted.includes(measurement.id)) continue;
  console.log(`\n${measurement.title}`);
  const figures = await measurement.measure(sizeOf(options), options);
  all.push({ measurement, figures });
  console.log(table(['', 'measured', 'goal', ''], figureRows(figures)));
}

if (given.write) {
  const file = fileURLToPath(new URL('../../docs/window-benchmarks.md', import.meta.url));
  const [processor] = os.cpus();
  const machine = {
    cores: os.availableParallelism(),
    processor: processor?.model ?? 'unknown',
    browser: browserVersion(),
    note: given.note,
  };
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const order = MEASUREMENTS.map(({ title }) => title);
  const text = benchReport(all, { machine, options, order, before });
  const style = await prettier.resolveConfig(file);
  fs.writeFileSync(file, await prettier.format(text, { ...style, parser: 'markdown' }));
}
const missed = all.flatMap(({ figures }) => figures).filter((figure) => isMet(figure) === false);
console.log(missed.length === 0 ? '\nall goals are met' : `\n${missed.length} goals are not met`);
process.exitCode = missed.length === 0 ? 0 : 1;

function browserVersion(): string {
  const text = execFileSync(findChromium() ?? 'chromium', ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return /Chromium [\d.]+|Chrome [\d.]+/.exec(text)?.[0] ?? 'Chromium';
}
