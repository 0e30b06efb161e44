import { factor, percent, whole } from './format-numbers.ts';
import { html, type Html, type Part } from './html.ts';
import { chapter, tableOf } from './page-frame.ts';
import type { BundleReport } from './schema.ts';
import { macsTitle } from './type-names.ts';

type Layer = BundleReport['layers'][number];

/** Everything of every layer but its zeros: bytes, then operations. */
export function layersChapter(report: BundleReport): Html {
  return chapter('Layers', bytesTable(report), operationsTable(report), removedTable(report));
}

function bytesTable({ layers }: BundleReport): Html {
  const known = layers.some((layer) => layer.thresholdBytes !== null);
  return tableOf(
    'Layers in the order of the firmware; bytes of flash (weights, other tables) and of the arena (activation, scratch)',
    [
      { title: 'layer', text: true },
      { title: 'computes', text: true },
      { title: 'shape', text: true },
      { title: 'kernel', text: true },
      { title: 'packing', text: true },
      { title: 'weights' },
      { title: 'other tables' },
      { title: 'activation' },
      { title: 'scratch' },
    ],
    layers.map((layer): Part[] => [
      layer.id,
      layer.kind,
      layer.shape.join(' × '),
      layer.kernel.split(' + ').map((kernel, i) => html`${i > 0 ? html`<br />` : ''}<code>${kernel}</code>`),
      layer.packing || '–',
      whole(layer.weightBytes),
      whole(layer.thresholdBytes),
      whole(layer.activationBytes),
      whole(layer.scratchBytes),
    ]),
    [
      'total',
      '',
      '',
      '',
      '',
      whole(total(layers, (layer) => layer.weightBytes)),
      known ? whole(total(layers, (layer) => layer.thresholdBytes)) : '–',
      '',
      '',
    ],
  );
}

function operationsTable({ layers, verification, target }: BundleReport): Html {
  const counted = layers.some((layer) => layer.measuredInstructions !== null);
  const estimated = layers.some((layer) => layer.estimatedInstructions !== null);
  const instructions = (layer: Layer) => (counted ? layer.measuredInstructions : layer.estimatedInstructions);
  const all = Math.max(total(layers, instructions), 1);
  const macs = (layer: Layer) => layer.macs.reduce((sum, one) => sum + one.macs, 0);
  const core = verification?.rows.find(({ core: one }) => one === target)?.core ?? 'an emulated core';
  return tableOf(
    `Operations of one inference; instructions estimated for a Cortex-M4${counted ? ` and counted on ${core}` : ''}; share of the ${counted ? 'counted' : 'estimated'} ones`,
    [
      { title: 'layer', text: true },
      { title: 'weights' },
      { title: 'not zero' },
      { title: 'MACs, weights × activations' },
      { title: 'estimated' },
      { title: 'counted' },
      { title: 'share' },
    ],
    layers.map((layer): Part[] => [
      layer.id,
      whole(layer.weights),
      whole(layer.nonzeros),
      layer.macs.length > 0
        ? layer.macs.map(
            (one, i) => html`${i > 0 ? html`<br />` : ''}${whole(one.macs)} at ${macsTitle(one)}`,
          )
        : '–',
      whole(layer.estimatedInstructions),
      whole(layer.measuredInstructions),
      instructions(layer) === null ? '–' : percent((instructions(layer) ?? 0) / all),
    ]),
    [
      'total',
      whole(total(layers, (layer) => layer.weights)),
      whole(total(layers, (layer) => layer.nonzeros)),
      whole(total(layers, macs)),
      estimated ? whole(total(layers, (layer) => layer.estimatedInstructions)) : '–',
      counted ? whole(total(layers, (layer) => layer.measuredInstructions)) : '–',
      '',
    ],
  );
}

function removedTable({ removedChannels }: BundleReport): Html | null {
  if (removedChannels.length === 0) return null;
  return tableOf(
    'Filters that the export took away, because no sample needs them',
    [
      { title: 'node', text: true },
      { title: 'computes', text: true },
      { title: 'trained' },
      { title: 'kept' },
      { title: 'nothing reads them' },
      { title: 'always zero' },
      { title: 'another constant' },
    ],
    removedChannels.map(({ node, kind, before, kept, because }): Part[] => [
      node,
      kind,
      whole(before),
      whole(kept),
      whole(because['unread'] ?? 0),
      whole(because['zero'] ?? 0),
      whole(because['constant'] ?? 0),
    ]),
  );
}

function total(layers: readonly Layer[], value: (layer: Layer) => number | null): number {
  return layers.reduce((sum, layer) => sum + (value(layer) ?? 0), 0);
}

/** Zeros, and the operations that they save. */
export function sparsityChapter({ layers, sparsity }: BundleReport): Html {
  const rows = layers.flatMap((layer) =>
    layer.sparsity.map((one): Part[] => [
      layer.sparsity.length > 1 ? `${layer.id}: ${one.id}` : layer.id,
      whole(one.weights.count),
      whole(Math.round(one.weights.count * (1 - one.weights.zeroWords))),
      percent(one.weights.zeroWords),
      one.weights.planes,
      percent(one.weights.zeroBits),
      one.activations ? percent(one.activations.zeroWords) : '–',
      one.activations ? one.activations.planes : '–',
      one.activations ? percent(one.activations.zeroBits) : '–',
      factor(one.word.dense, one.word.weights),
      factor(one.word.dense, one.word.both),
      factor(one.bit.dense, one.bit.weights),
      factor(one.bit.dense, one.bit.both),
    ]),
  );
  const foot: Part[] | undefined = sparsity
    ? [
        'total',
        whole(sparsity.weights.count),
        whole(Math.round(sparsity.weights.count * (1 - sparsity.weights.zeroWords))),
        percent(sparsity.weights.zeroWords),
        '',
        percent(sparsity.weights.zeroBits),
        '',
        '',
        '',
        factor(sparsity.word.dense, sparsity.word.weights),
        factor(sparsity.word.dense, sparsity.word.both),
        factor(sparsity.bit.dense, sparsity.bit.weights),
        factor(sparsity.bit.dense, sparsity.bit.both),
      ]
    : undefined;
  if (rows.length === 0) return chapter('Sparsity', html`<p>The bundle does not say.</p>`);
  return chapter(
    'Sparsity',
    tableOf(
      'Zeros of weights and activations, and how many times fewer operations are left when they are skipped',
      [
        { title: 'layer', text: true },
        { title: 'weights' },
        { title: 'not zero' },
        { title: 'zero words' },
        { title: 'planes' },
        { title: 'zero bits' },
        { title: 'activations: zero words' },
        { title: 'planes' },
        { title: 'zero bits' },
        { title: 'S_word, weights’ zeros' },
        { title: 'S_word, both' },
        { title: 'S_bit, weights’ zeros' },
        { title: 'S_bit, both' },
      ],
      rows,
      foot,
    ),
    html`<p class="note">
      A word is one weight or activation with all its levels; zero words are a share of all of them. A bit is
      one plane of a level, sign and magnitude: a binary or ternary level is one plane, empty where the code
      is 0; larger codes have one plane for each binary digit of the magnitude. Zero bits are a share of words
      times planes. S_word = multiply-accumulates / those whose operands are not zero; S_bit = planes of
      weights · planes of activations · multiply-accumulates / pairs of planes that are both set. Taps in
      padding count in the denominator and as zero activations. Bytes of the input and sums (–) count as dense
      words.
      ${sparsity && sparsity.samples > 0 ? `Activations are those of the ${sparsity.samples} golden samples.` : 'Activations were not measured.'}
    </p>`,
  );
}

/** The chosen packing among the others, first where it is not one of them; nothing where there is no choice. */
function choicesOf(layer: Layer): Layer['alternatives'] {
  const { alternatives, packing, weightBytes, estimatedInstructions } = layer;
  const known = alternatives.length === 0 || alternatives.some((one) => one.packing === packing);
  if (known || estimatedInstructions === null) return alternatives;
  return [{ packing, weightBytes, estimatedInstructions }, ...alternatives];
}

/** What other packings would cost. */
export function packingsChapter({ layers }: BundleReport): Html | null {
  const rows = layers.flatMap((layer) =>
    choicesOf(layer).map((one): Part[] => [
      layer.id,
      one.packing === layer.packing ? html`<strong>${one.packing} (chosen)</strong>` : one.packing,
      whole(one.weightBytes),
      whole(one.estimatedInstructions),
    ]),
  );
  if (rows.length === 0) return null;
  return chapter(
    'Packings',
    tableOf(
      'What each packing of a layer’s weights costs; instructions estimated for a Cortex-M4',
      [
        { title: 'layer', text: true },
        { title: 'packing', text: true },
        { title: 'bytes' },
        { title: 'instructions' },
      ],
      rows,
    ),
  );
}
