/** Ten hues for lines, each at least 3:1 against the panel of its theme. */
const LIGHT = [
  '#2563eb',
  '#c2570c',
  '#0f766e',
  '#be185d',
  '#6d28d9',
  '#4d7c0f',
  '#0e7490',
  '#b91c1c',
  '#92400e',
  '#52525b',
];
const DARK = [
  '#6ea8fe',
  '#fb9a4b',
  '#2dd4bf',
  '#f472b6',
  '#b197fc',
  '#a3d435',
  '#22d3ee',
  '#fb8585',
  '#eab308',
  '#b4b4bd',
];
/** On-off lengths in pixels: a second cue beside colour. An empty list is a solid line. */
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

export interface LineLook {
  colour: string;
  dash: readonly number[];
}

/** The look of line number `index`: twenty in a row all differ. */
export function lineLook(index: number, dark: boolean): LineLook {
  const colours = dark ? DARK : LIGHT;
  return {
    colour: colours[index % colours.length] ?? '',
    dash: DASHES[(index + Math.floor(index / 20)) % DASHES.length] ?? [],
  };
}
