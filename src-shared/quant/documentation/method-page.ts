import { naturalPair } from '../pairs.ts';
import type { ActivationSide, Method, WeightSide } from '../types.ts';
import { activationDeployment, count, weightDeployment } from './deployment-words.ts';
import { parameterRows } from './parameter-rows.ts';

/** The two halves of a method, with what a page says of each. */
export const SIDES = ['weights', 'activations'] as const;
export type SideName = (typeof SIDES)[number];

/** The file, relative to the page, that holds the picture of a side's curve. */
export function curveFile(id: string, side: SideName): string {
  return `curves/${id}-${side}.svg`;
}

/** The page of a method as Markdown, all of it derived from its card, its schemas and its code. */
export function methodPage(method: Method): string {
  const { card } = method;
  return [
    `# ${card.title}`,
    `\`${card.id}\` · ${card.quantizes.join(' and ')} · ${bitsText(method)}`,
    card.sentence,
    '## Forward',
    fence('text', card.forward),
    '## Gradient',
    fence('text', card.gradient),
    ...SIDES.flatMap((side) => sideSection(method, side)),
    '## In a configuration',
    fence('json', [shortJson(exampleConfig(method))]),
    ...paperSection(method),
    ...departureSection(method),
    '[All methods](README.md)',
    '',
  ].join('\n\n');
}

function bitsText({ card: { bits } }: Method): string {
  return SIDES.flatMap((side) => {
    const width = bits[side];
    if (width === undefined) return [];
    const noun = side === 'weights' ? 'weight' : 'activation';
    return [`${count(width, 'bit')} per ${noun}`];
  }).join(', ');
}

function sideSection(method: Method, side: SideName): string[] {
  const half: WeightSide | ActivationSide | undefined = method[side];
  if (!half) return [];
  const { id, title } = method.card;
  const rows = parameterRows(half.parameters);
  const choice = { ...(half.parameters.parse({}) as object), method: id };
  const deployment = side === 'weights' ? weightDeployment(choice) : activationDeployment(choice);
  return [
    `## ${side === 'weights' ? 'Weights' : 'Activations'}`,
    `![Value and slope of ${title} ${side} over their input](${curveFile(id, side)})`,
    ...(half.curve.drawn === undefined ? [] : [`Drawn ${half.curve.drawn}.`]),
    `**Deployed** (with the defaults): ${deployment}`,
    rows.length === 0
      ? 'No parameters.'
      : [
          '| parameter | default | allowed | meaning |',
          '| --- | --- | --- | --- |',
          ...rows.map(
            (row) =>
              `| \`${row.name}\` | ${code(row.default)} | ${cell(row.allowed)} | ${cell(row.description)} |`,
          ),
        ].join('\n'),
  ];
}

/** The smallest configuration that trains with a method. */
export function exampleConfig({ card: { id } }: Method) {
  const { weights, activations } = naturalPair(id);
  return {
    dataset: { name: 'mnist' },
    model: { preset: 'lenet-small' },
    quantization: { weights: { method: weights }, activations: { method: activations } },
    training: { epochs: 5 },
  };
}

function paperSection({ card: { paper } }: Method): string[] {
  if (!paper) return [];
  return ['## Paper', `${paper.authors}: [${paper.title}](${paper.url}). ${paper.venue}, ${paper.year}.`];
}

function departureSection({ card: { departures } }: Method): string[] {
  if (departures.length === 0) return [];
  return ['## Departures from the paper', departures.map((text) => `- ${inline(text)}`).join('\n')];
}

function fence(language: string, lines: readonly string[]): string {
  return ['```' + language, ...lines, '```'].join('\n');
}

/** One line per field. */
function shortJson(document: object): string {
  const lines = Object.entries(document).map(
    ([key, value]) =>
      `  "${key}": ${JSON.stringify(value)
        .replaceAll(/([{,:])/g, '$1 ')
        .replaceAll('}', ' }')}`,
  );
  return ['{', lines.join(',\n'), '}'].join('\n');
}

function code(text: string): string {
  return text === '' ? '–' : `\`${text}\``;
}

function cell(text: string): string {
  return inline(text).replaceAll('|', '\\|') || '–';
}

/** Text of a card in Markdown: what would be emphasis there is none here. Code spans stay. */
function inline(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/([*_<>])/g, '\\$1')))
    .join('');
}
