import type { Method } from '../types.ts';

const GROUPS: readonly { title: string; holds(bits: number): boolean }[] = [
  { title: 'The yardstick', holds: (bits) => bits >= 32 },
  { title: 'Binary weights', holds: (bits) => bits === 1 },
  { title: 'Ternary and two-bit weights', holds: (bits) => bits === 2 },
  { title: 'Several levels and more bits', holds: (bits) => bits > 2 && bits < 32 },
];

/** The page that lists all methods, grouped by the bits of their weights (or activations, where they have only those). */
export function indexPage(methods: readonly Method[]): string {
  const width = ({ card: { bits } }: Method) => bits.weights ?? bits.activations ?? 32;
  const groups = GROUPS.map(({ title, holds }) => ({
    title,
    members: methods.filter((method) => holds(width(method))),
  })).filter(({ members }) => members.length > 0);
  return [
    '# Quantization methods',
    `${methods.length} methods, each one choice in a configuration. A configuration names the method for weights and the ` +
      'method for activations separately, for the network, for its first and last layer, and for each layer. ' +
      'These pages are written by `npm run docs:methods` from the cards in `src-shared/quant/methods`; the curves are ' +
      'computed from the code that trains.',
    ...groups.flatMap(({ title, members }) => [
      `## ${title}`,
      [
        '| method | weights | activations | what it does | year |',
        '| --- | --- | --- | --- | --- |',
        ...members.map(row),
      ].join('\n'),
    ]),
    '',
  ].join('\n\n');
}

function row({ card: { id, title, bits, sentence, paper } }: Method): string {
  const width = (value: number | undefined) =>
    value === undefined ? '–' : value === 32 ? 'float' : `${value} bit`;
  return `| [${title}](${id}.md) | ${width(bits.weights)} | ${width(bits.activations)} | ${sentence.replaceAll('|', '\\|')} | ${paper?.year ?? '–'} |`;
}
