import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { init } from './library.ts';
import { STILL, type LineView } from './line-option.ts';
import { chartOption } from './option.ts';
import type { ChartTheme } from './option-parts.ts';
import type { ChartModel } from './types.ts';

use([SVGRenderer]);

/** Points of a drawing, pixels of a screen: fit for half a page and for a slide. */
const SIZE = { width: 960, height: 540 };

/** The chart's picture with its title and the names of its lines: a whole figure for a document. */
function figure(model: ChartModel, title: string, theme: ChartTheme, view: LineView) {
  const option = chartOption(model, theme, title, { ...view, moving: false, width: SIZE.width });
  const names =
    model.kind === 'lines'
      ? model.lines.map(({ label }) => label)
      : model.kind === 'points'
        ? [...(model.line ? [model.line] : []), ...model.groups].map(({ label }) => label)
        : [model, model.beside, model.marks].flatMap((part) => (part ? [part.label] : []));
  const rows = Math.ceil(names.length / 4);
  return {
    ...option,
    backgroundColor: theme.panel,
    title: {
      text: title,
      left: 16,
      top: 12,
      textStyle: { color: theme.text, fontSize: 16, fontFamily: theme.font },
    },
    legend: {
      data: names,
      bottom: 8,
      left: 16,
      right: 16,
      itemWidth: 26,
      itemHeight: 8,
      textStyle: { color: theme.text, width: 190, overflow: 'truncate' },
      inactiveColor: theme.text,
    },
    grid: {
      left: 16,
      right: 24,
      top: 56,
      bottom: 16 + 22 * rows + 22,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      ...(option.xAxis as object),
      name: model.kind === 'bars' ? model.xLabel : model.x.label,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: theme.text },
    },
  };
}

/** @returns an SVG document */
export function svgPicture(model: ChartModel, title: string, theme: ChartTheme, view = STILL): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  try {
    chart.setOption(figure(model, title, theme, view));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** @returns the bytes of a PNG of twice the size */
export function pngPicture(
  model: ChartModel,
  title: string,
  theme: ChartTheme,
  view = STILL,
): Uint8Array<ArrayBuffer> {
  const frame = document.createElement('div');
  const chart = init(frame, null, { renderer: 'canvas', devicePixelRatio: 2, ...SIZE });
  try {
    chart.setOption(figure(model, title, theme, view));
    const url = chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: theme.panel });
    return Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (character) => character.charCodeAt(0));
  } finally {
    chart.dispose();
  }
}
