import { factor, percent, whole } from './format-numbers.ts';
import { html, type Html, type Part } from './html.ts';
import { arenaChart, memoryBars } from './memory-chart.ts';
import { chapter, factsOf, pageOf, tableOf } from './page-frame.ts';
import { layersChapter, packingsChapter, sparsityChapter } from './page-layers.ts';
import type { BundleReport } from './schema.ts';
import { macsTitle } from './type-names.ts';

/** `report.html`: the report as one page to read. */
export function reportPage(report: BundleReport): string {
  return pageOf(`${report.name} on ${report.targetTitle}: report`, [
    html`<h1>${report.name}</h1>
      <p class="lead">
        Firmware for ${report.targetTitle}, format ${report.format}, written by Bitsmith
        ${report.bitsmith.version}.
      </p>
      ${figures(report)} `,
    memoryChapter(report),
    layersChapter(report),
    macsChapter(report),
    sparsityChapter(report),
    packingsChapter(report),
    accumulatorsChapter(report),
    codeChapter(report),
    verificationChapter(report),
    originChapter(report),
  ]);
}

/** The numbers that are asked for first. */
function figures({ columns, verification, layers, macs, provenance, target }: BundleReport): Html {
  const row = verification?.rows.find((one) => one.core === target && one.ran);
  const estimates = layers.map((layer) => layer.estimatedInstructions ?? 0);
  const estimate = estimates.reduce((sum, one) => sum + one, 0);
  const counted = row?.instructionsPerInference ?? null;
  const facts: readonly (readonly [string, string])[] = [
    ['Total Flash', columns.totalFlash === null ? 'not measured' : `${whole(columns.totalFlash)} B`],
    ['Total RAM', columns.totalRam === null ? 'not measured' : `${whole(columns.totalRam)} B`],
    ['Weights Flash', `${whole(columns.weightsFlash)} B`],
    ['Activation RAM', `${whole(columns.activationRam)} B`],
    ['Multiply-accumulates', whole(macs.reduce((sum, one) => sum + one.macs, 0))],
    counted === null
      ? ['Instructions, estimated (Cortex-M4)', estimate > 0 ? whole(estimate) : '–']
      : ['Instructions, counted', whole(counted)],
    ['Test accuracy', percent(provenance.accuracy, 2)],
  ];
  return html`<div class="figures">
    ${facts.map(([title, value]) => html`<div class="figure"><span>${title}</span><strong>${value}</strong></div> `)}
  </div>`;
}

function memoryChapter(report: BundleReport): Html {
  const { columns, measured, remedy } = report;
  const titles = [
    ['Weights Flash', columns.weightsFlash],
    ['Code Flash', columns.codeFlash],
    ['Start-up Flash', columns.startupFlash],
    ['Total Flash', columns.totalFlash],
    ['Activation RAM', columns.activationRam],
    ['Runtime RAM', columns.runtimeRam],
    ['Stack', columns.stack],
    ['Total RAM', columns.totalRam],
  ] as const;
  const what = measured
    ? html`<p>
        Bytes from the linker’s own output: ${measured.image}; ${measured.compiler} with
        <code>${measured.flags.join(' ')}</code>. Total Flash includes the start-up code, of which an
        application has its own. Total RAM is Activation RAM, Runtime RAM and the stack.
      </p>`
    : html`<p>
        <strong>Planned numbers only:</strong> nothing was
        compiled${remedy ? html`, because the target’s compiler is not installed. To measure: <code>${remedy}</code>, then <code>bitsmith report --measure</code>` : ''}.
      </p>`;
  return chapter(
    'Memory',
    what,
    tableOf(
      measured ? 'Flash and RAM in bytes, measured' : 'Flash and RAM in bytes, planned',
      titles.map(([title]) => ({ title })),
      [titles.map(([, value]) => whole(value))],
    ),
    report.frontEnd ? frontEndNote(report.frontEnd, columns.activationRam) : null,
    memoryBars(report),
    arenaChart(report),
  );
}

function frontEndNote(
  { description, tableBytes, scratchBytes }: NonNullable<BundleReport['frontEnd']>,
  arenaBytes: number,
): Html {
  const memory =
    scratchBytes <= arenaBytes ? 'for which the arena serves' : 'which may hold the arena as well';
  return html`<p>
    The front end (${description}) is part of it: ${whole(tableBytes)} B of tables beside its code, and
    ${whole(scratchBytes)} B of working memory, ${memory}. The clip itself is the application’s.
  </p>`;
}

function macsChapter({ macs, cost }: BundleReport): Html {
  const total = macs.reduce((sum, one) => sum + one.macs, 0);
  return chapter(
    'Operations by bit width',
    tableOf(
      'Multiply-accumulates of one inference, weights × activations; padding counts as computed',
      [
        { title: 'bits', text: true },
        { title: 'MACs' },
        { title: 'share' },
        { title: 'precision (larger of both)' },
      ],
      macs.map((one) => [
        macsTitle(one),
        whole(one.macs),
        percent(one.macs / Math.max(total, 1)),
        `${Math.max(one.weightBits, one.activationBits)} bit`,
      ]),
      ['total', whole(total), percent(1), ''],
    ),
    html`<p class="note">
      Bit operations as QONNX counts them: ${whole(Number(cost.dense['total_bops'] ?? 0))}; of weights that
      are not zero: ${whole(Number(cost.sparse['total_bops'] ?? 0))}
      (${factor(Number(cost.dense['total_bops'] ?? 0), Number(cost.sparse['total_bops'] ?? 0))} fewer).
    </p>`,
  );
}

function accumulatorsChapter({ accumulators }: BundleReport): Html | null {
  if (accumulators.length === 0) return null;
  const interval = (range: { low: number; high: number } | null) =>
    range === null ? '–' : `${whole(range.low)} … ${whole(range.high)}`;
  return chapter(
    'Accumulators',
    tableOf(
      'How large sums can be, proven for every input, and how large those of the golden samples are',
      [{ title: 'node', text: true }, { title: 'proven' }, { title: 'bits' }, { title: 'golden samples' }],
      accumulators.map(({ node, proven, bits, observed }) => [
        node,
        interval(proven),
        bits,
        interval(observed),
      ]),
    ),
  );
}

function codeChapter({ measured, layers }: BundleReport): Html | null {
  if (!measured) return null;
  const { flash, stack } = measured;
  const users = (kernel: string) =>
    layers.filter((layer) => layer.kernel.split(' + ').includes(kernel)).map(({ id }) => id);
  return chapter(
    'Code and stack',
    tableOf(
      'Code of the kernels, with their own constants',
      [{ title: 'function', text: true }, { title: 'bytes' }, { title: 'called by', text: true }],
      measured.kernels.map(({ name, bytes }) => [
        html`<code>${name}</code>`,
        whole(bytes),
        users(name).join(', ') || 'other kernels, or between layers',
      ]),
      ['kernels', whole(flash.kernels), ''],
    ),
    tableOf(
      'Sections of the image',
      [{ title: 'section', text: true }, { title: 'bytes' }, { title: 'in', text: true }],
      measured.sections.map(({ name, bytes, memory }) => [
        html`<code>${name}</code>`,
        whole(bytes),
        memory === 'both' ? 'flash and RAM' : memory === 'ram' ? 'RAM' : 'flash',
      ]),
    ),
    stack
      ? html`<p>
            ${stack.bytes === null ? 'The stack has no bound' : `Stack: ${whole(stack.bytes)} bytes at most, interrupts not counted`}.
            The deepest chain of calls:
            ${stack.path.map(({ function: name, bytes }, index) => html`${index > 0 ? ' → ' : ''}<code>${name}</code> ${bytes}`)}.
          </p>
          ${note('Calls through pointers were taken for the deepest of', stack.indirect)}
          ${note('No bound, because these call themselves:', stack.recursion)}
          ${note('No bound, because of frames of variable length in', stack.unbounded)}
          ${note('Not counted, because the compiler’s library does not tell their stack:', stack.unknown)}`
      : html`<p class="note">The compiler does not tell the stack of functions.</p>`,
  );
}

function note(what: string, names: readonly string[]): Html | null {
  return names.length > 0 ? html`<p class="note">${what} ${names.join(', ')}.</p>` : null;
}

function verificationChapter({ verification }: BundleReport): Html {
  if (!verification) {
    return chapter(
      'Verification',
      html`<p>
        Not verified yet, or elsewhere. <code>bitsmith verify</code> compares every integer with the reference
        and counts instructions; <code>bitsmith report</code> then has them.
      </p>`,
    );
  }
  return chapter(
    'Verification',
    html`<p>
      ${verification.passed ? 'Every integer agrees with the reference, wherever it ran.' : html`<strong>There are differences from the reference.</strong>`}
    </p>`,
    tableOf(
      'Where the bundle ran',
      [
        { title: 'core', text: true },
        { title: 'with', text: true },
        { title: 'samples that agree' },
        { title: 'accuracy' },
        { title: 'instructions per inference' },
      ],
      verification.rows.map((row): Part[] => [
        row.core,
        row.ran ? [row.runner, row.reason ? `; ${row.reason}` : ''] : `not run: ${row.reason ?? ''}`,
        row.ran ? `${whole(row.matched)} of ${whole(row.total)}` : '–',
        percent(row.accuracy, 2),
        whole(row.instructionsPerInference),
      ]),
    ),
  );
}

function originChapter({ provenance, options, bitsmith, golden }: BundleReport): Html {
  return chapter(
    'Origin',
    factsOf([
      ['Run', provenance.run],
      ['Checkpoint', provenance.checkpoint],
      ['its SHA-256', html`<code>${provenance.checkpointSha256}</code>`],
      ['Configuration', html`<code>${provenance.configHash}</code>`],
      ['Data set', provenance.dataset],
      ['its SHA-256', html`<code>${provenance.datasetSha256}</code>`],
      ['Seed', provenance.seed],
      ['Bitsmith', bitsmith.version],
      ...Object.entries(options).map(
        ([name, value]) => [name, html`<code>${JSON.stringify(value)}</code>`] as const,
      ),
      ...(golden ? [['Golden samples', golden.inputs.length] as const] : []),
    ]),
  );
}
