import { curveReach, sampleCurve, type Jump, type SampledCurve } from '../curve-sample.ts';

const WIDTH = 480;
const HEIGHT = 300;
const LEFT = 44;
const RIGHT = 12;
const TOP = 36;
const BOTTOM = 30;
/** With more jumps than this, open and filled ends would touch each other. */
const MARKED_JUMPS = 12;

/** Light and dark by the reader's own preference, on a ground of its own, so that it is readable on any page. */
const STYLE = [
  '.ground{fill:#ffffff}.grid{stroke:#e4e4e7;fill:none}.axis{stroke:#71717a;fill:none}',
  'text{font:12px system-ui,sans-serif;fill:#3f3f46}.title{font-weight:600}.end{text-anchor:end}.middle{text-anchor:middle}',
  '.value{stroke:#1d4ed8}.slope{stroke:#b45309;stroke-dasharray:6 3}',
  '.value,.slope{fill:none;stroke-width:2;stroke-linejoin:round}.jump{stroke-width:1;stroke-dasharray:1 3}',
  '.taken{fill:#1d4ed8}.open{fill:#ffffff;stroke:#1d4ed8}',
  '@media (prefers-color-scheme:dark){.ground{fill:#18181b}.grid{stroke:#3f3f46}.axis{stroke:#a1a1aa}',
  'text{fill:#d4d4d8}.value{stroke:#60a5fa}.slope{stroke:#fbbf24}.taken{fill:#60a5fa}.open{fill:#18181b;stroke:#60a5fa}}',
].join('');

/** What is drawn: a function and the slope that its backward pass uses. */
export interface DrawnCurve {
  title: string;
  value(x: number): number;
  slope(x: number): number;
}

/** A picture of value and slope over x as an SVG document. The same numbers give the same bytes. */
export function curvePicture({ title, value, slope }: DrawnCurve): string {
  const reach = curveReach(value);
  const curves = { value: sampleCurve(value, -reach, reach), slope: sampleCurve(slope, -reach, reach) };
  const heights = [...curves.value.pieces, ...curves.slope.pieces].flat().map(([, y]) => y);
  const ticksY = ticks(Math.min(0, ...heights), Math.max(0, ...heights));
  const [low, high] = [ticksY[0] ?? -1, ticksY.at(-1) ?? 1];
  const x = (at: number) => round(LEFT + ((at + reach) / (2 * reach)) * (WIDTH - LEFT - RIGHT));
  const y = (at: number) => round(HEIGHT - BOTTOM - ((at - low) / (high - low)) * (HEIGHT - TOP - BOTTOM));
  const ticksX = ticks(-reach, reach).filter((at) => Math.abs(at) <= reach);
  const place: Place = { x, y };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `<title>${escape(title)}: value and slope</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
    `<text class="title" x="12" y="22">${escape(title)}</text>`,
    `<path class="value" d="M${WIDTH - 150} 18h24"/><text x="${WIDTH - 120}" y="22">value</text>`,
    `<path class="slope" d="M${WIDTH - 78} 18h24"/><text x="${WIDTH - 48}" y="22">slope</text>`,
    ...ticksX.map((at) => `<path class="grid" d="M${x(at)} ${TOP}V${HEIGHT - BOTTOM}"/>`),
    ...ticksY.map((at) => `<path class="grid" d="M${LEFT} ${y(at)}H${WIDTH - RIGHT}"/>`),
    `<path class="axis" d="M${LEFT} ${y(0)}H${WIDTH - RIGHT}M${x(0)} ${TOP}V${HEIGHT - BOTTOM}"/>`,
    ...ticksX.map(
      (at) => `<text class="middle" x="${x(at)}" y="${HEIGHT - BOTTOM + 17}">${label(at)}</text>`,
    ),
    ...ticksY.map((at) => `<text class="end" x="${LEFT - 6}" y="${round(y(at) + 4)}">${label(at)}</text>`),
    // The dashes of the slope let the value be seen where both run together.
    ...lines('value', curves.value, place),
    ...lines('slope', curves.slope, place),
    ...(curves.value.jumps.length <= MARKED_JUMPS ? curves.value.jumps.map((jump) => ends(jump, place)) : []),
    '</svg>',
    '',
  ].join('\n');
}

interface Place {
  x(at: number): number;
  y(at: number): number;
}

function lines(name: string, { pieces, jumps }: SampledCurve, { x, y }: Place): string[] {
  const whole = pieces
    .map((piece) => piece.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${x(px)} ${y(py)}`).join(''))
    .join('');
  const between = jumps.map((jump) => `M${x(jump.x)} ${y(jump.below)}V${y(jump.above)}`).join('');
  return [
    ...(between ? [`<path class="${name} jump" d="${between}"/>`] : []),
    `<path class="${name}" d="${whole}"/>`,
  ];
}

/** A filled end where the function is at the jump, an open one where it is not. */
function ends({ x: at, below, above, takes }: Jump, { x, y }: Place): string {
  const [taken, open] = takes === 'below' ? [below, above] : [above, below];
  return (
    `<circle class="open" cx="${x(at)}" cy="${y(open)}" r="2.5"/>` +
    `<circle class="taken" cx="${x(at)}" cy="${y(taken)}" r="3"/>`
  );
}

/** Five to nine round numbers that span the interval. */
function ticks(low: number, high: number): number[] {
  const span = Math.max(high - low, 1e-6);
  const rough = span / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function label(value: number): string {
  return String(Number(value.toPrecision(6))).replace('-', '−');
}

function round(value: number): number {
  return Number(value.toFixed(2));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
