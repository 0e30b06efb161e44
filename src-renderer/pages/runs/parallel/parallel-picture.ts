import { escape, type ChartTheme } from '../../../components/chart/option-parts.ts';
import { MARGIN, parallelLayout, type ParallelAxis } from './parallel-layout.ts';

export interface LineStyle {
  colour: string;
  dash: readonly number[];
  width: number;
  opacity: number;
}

const SIZE = { width: 1200, height: 520 };
const HEAD = 44;

/** Parallel coordinates as an SVG document of their own, with a title. Pure. */
export function parallelPicture(
  axes: readonly ParallelAxis[],
  styles: readonly LineStyle[],
  title: string,
  theme: ChartTheme,
): { svg: string; width: number; height: number } {
  const layout = parallelLayout(axes, SIZE);
  const text = (x: number, y: number, words: string, more = '') =>
    `<text x="${round(x)}" y="${round(y)}" fill="${theme.text}" ${more}>${escape(words)}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${theme.text}"/>`;
  const lines = layout.lines.map((corners, row) => {
    const { colour, dash, width, opacity } = styles[row] ?? {
      colour: theme.text,
      dash: [],
      width: 1,
      opacity: 1,
    };
    const points = corners.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-dasharray="${dash.join(' ')}"/>`;
  });
  const drawn = layout.axes.map((axis) =>
    [
      line(axis.x, axis.top, axis.x, axis.bottom),
      text(axis.x, MARGIN.top - 16, axis.title, 'text-anchor="middle" font-weight="600"'),
      ...axis.ticks.map(({ y, text: words }) => text(axis.x + 7, y + 4, words)),
      ...(axis.rail === null ? [] : [text(axis.x, axis.rail + 4, 'none', 'text-anchor="middle"')]),
      ...axis.brushed.map(
        ({ top, bottom }) =>
          `<rect x="${round(axis.x - 6)}" y="${round(top)}" width="12" height="${round(bottom - top)}" fill="${theme.text}" fill-opacity="0.25"/>`,
      ),
    ].join(''),
  );
  const height = SIZE.height + HEAD;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${height}" viewBox="0 0 ${SIZE.width} ${height}" ` +
    `font-family="${escape(theme.font)}" font-size="12"><rect width="100%" height="100%" fill="${theme.panel}"/>` +
    text(16, 28, title, 'font-size="16" font-weight="600"') +
    `<g transform="translate(0 ${HEAD})">${lines.join('')}${drawn.join('')}</g></svg>`;
  return { svg, width: SIZE.width, height };
}

/** The bytes of a PNG of twice the size. */
export async function pngOf({ svg, width, height }: { svg: string; width: number; height: number }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the picture could not be drawn');
  return new Uint8Array(await blob.arrayBuffer());
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
