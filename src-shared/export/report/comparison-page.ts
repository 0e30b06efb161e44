import type { BundleComparison, Pair } from './comparison-schema.ts';
import { percent, signed, whole } from './format-numbers.ts';
import { html, type Html, type Part } from './html.ts';
import { chapter, factsOf, pageOf, tableOf } from './page-frame.ts';

/** Titles of the columns of sizes, as ST's model zoo has them. */
export const COLUMN_TITLES: Readonly<Record<string, string>> = {
  weightsFlash: 'Weights Flash',
  codeFlash: 'Code Flash',
  startupFlash: 'Start-up Flash',
  totalFlash: 'Total Flash',
  activationRam: 'Activation RAM',
  runtimeRam: 'Runtime RAM',
  stack: 'Stack',
  totalRam: 'Total RAM',
};

/** Two bundles side by side as one page to read. */
export function comparisonPage(comparison: BundleComparison): string {
  const { a, b } = comparison;
  const side = ({ name, target, format, version, compiler }: BundleComparison['a']) =>
    `${name} for ${target} as ${format}, Bitsmith ${version}, ${compiler ?? 'not measured'}`;
  return pageOf(`${a.name} and ${b.name}: comparison`, [
    html`<h1>Two bundles</h1>
      ${factsOf([
        ['A', side(a)],
        ['B', side(b)],
      ])} `,
    sizesChapter(comparison),
    layersChapter(comparison),
    vectorsChapter(comparison),
    differencesChapter('Options', comparison.options),
    differencesChapter('Origin', comparison.provenance),
  ]);
}

function sizesChapter({
  columns,
  sections,
  kernels,
  totals,
  instructions,
  accuracy,
}: BundleComparison): Html {
  const rowsOf = (pairs: readonly (readonly [Part, Pair])[]) =>
    pairs.map(([title, pair]): Part[] => [title, ...cells(pair)]);
  const heads = (what: string) => [
    { title: what, text: true },
    { title: 'A' },
    { title: 'B' },
    { title: 'B − A' },
    { title: 'change' },
  ];
  const named = (list: BundleComparison['sections']) =>
    rowsOf(list.map(({ name, bytes }) => [html`<code>${name}</code>`, bytes] as const));
  return chapter(
    'Sizes',
    tableOf(
      'Flash and RAM in bytes',
      heads('memory'),
      rowsOf(Object.entries(columns).map(([name, pair]) => [COLUMN_TITLES[name] ?? name, pair] as const)),
    ),
    tableOf('Work', heads('of one inference'), [
      ...rowsOf([
        ['Multiply-accumulates', totals.macs],
        ['Bit operations', totals.bitOperations],
        ['Weights that are not zero', totals.nonzeros],
        ...instructions.map(({ core, count }) => [`Instructions on ${core}`, count] as const),
      ]),
      [
        'Test accuracy',
        percent(accuracy.a, 2),
        percent(accuracy.b, 2),
        accuracy.difference === null ? '–' : `${(100 * accuracy.difference).toFixed(2)} points`,
        '',
      ],
    ]),
    sections.length > 0 ? tableOf('Sections in bytes', heads('section'), named(sections)) : null,
    kernels.length > 0 ? tableOf('Code of the kernels in bytes', heads('function'), named(kernels)) : null,
  );
}

function cells({ a, b, difference }: Pair): Part[] {
  const change = difference === null || !a ? '' : percent(difference / a);
  return [whole(a), whole(b), signed(difference), change];
}

function layersChapter({ layers, added, removed }: BundleComparison): Html {
  const differing = layers.filter(({ differs }) => differs);
  const text = ({ a, b }: { a: string | null; b: string | null }) =>
    a === b ? b || '–' : html`${a || '–'} → <span class="changed">${b || '–'}</span>`;
  const number = ({ a, b }: Pair) =>
    a === b ? whole(b) : html`${whole(a)} → <span class="changed">${whole(b)}</span>`;
  return chapter(
    'Layers',
    html`<p>
      ${layers.length} in both, ${differing.length} of them differ.
      ${added.length > 0 ? `Only in B: ${added.join(', ')}.` : ''}
      ${removed.length > 0 ? `Only in A: ${removed.join(', ')}.` : ''}
    </p>`,
    differing.length > 0
      ? tableOf(
          'Layers that differ, A → B',
          [
            { title: 'layer', text: true },
            { title: 'computes', text: true },
            { title: 'shape', text: true },
            { title: 'kernel', text: true },
            { title: 'packing', text: true },
            { title: 'weight bytes' },
            { title: 'other tables' },
            { title: 'MACs' },
            { title: 'not zero' },
            { title: 'estimated instructions' },
            { title: 'counted' },
          ],
          differing.map((layer): Part[] => [
            layer.id,
            text(layer.kind),
            text(layer.shape),
            text(layer.kernel),
            text(layer.packing),
            number(layer.weightBytes),
            number(layer.thresholdBytes),
            number(layer.macs),
            number(layer.nonzeros),
            number(layer.estimatedInstructions),
            number(layer.measuredInstructions),
          ]),
        )
      : null,
  );
}

/** What can be said of the golden vectors, in words. */
export function vectorsText({ vectors }: BundleComparison): string {
  if (!vectors) return 'A bundle has no golden vectors in its report.';
  const { sameInputs, sameLogits, count, firstDifference } = vectors;
  const inputs =
    sameInputs === count.a && sameInputs === count.b
      ? `The same ${count.a} samples`
      : `${count.a} and ${count.b} samples, ${sameInputs} of them the same`;
  if (sameInputs === 0) return `${inputs}: nothing to compare.`;
  if (!firstDifference) return `${inputs}; all logits and all layers in both agree.`;
  const where = firstDifference.layer === null ? 'only in the logits' : `in layer ${firstDifference.layer}`;
  return `${inputs}; ${sameLogits} of ${sameInputs} have the same logits. First difference: sample ${firstDifference.sample}, ${where}.`;
}

function vectorsChapter(comparison: BundleComparison): Html {
  const first = comparison.vectors?.firstDifference;
  return chapter(
    'Golden vectors',
    html`<p>${vectorsText(comparison)}</p>`,
    first
      ? tableOf(
          `Logits of sample ${first.sample}`,
          [{ title: 'class', text: true }, { title: 'A' }, { title: 'B' }],
          Array.from(
            { length: Math.max(first.logits.a.length, first.logits.b.length) },
            (_, index): Part[] => [
              index,
              whole(first.logits.a[index] ?? null),
              whole(first.logits.b[index] ?? null),
            ],
          ),
        )
      : null,
  );
}

function differencesChapter(title: string, list: BundleComparison['options']): Html {
  if (list.length === 0) return chapter(title, html`<p>No difference.</p>`);
  return chapter(
    title,
    tableOf(
      `${title}: what differs`,
      [
        { title: 'field', text: true },
        { title: 'A', text: true },
        { title: 'B', text: true },
      ],
      list.map(({ field, a, b }): Part[] => [field, a ?? '–', b ?? '–']),
    ),
  );
}
