import { jsonOf, tableCsv, type DataTable } from '#shared/run/export/csv.ts';
import { useAction } from '../../composables/use-action.ts';
import { useThemeStore } from '../../stores/theme.ts';
import type { ChartGroup } from './chart-group.ts';
import { dataTable } from './data-table.ts';
import { STILL } from './line-option.ts';
import { readTheme } from './read-theme.ts';
import { fileName, saveFile } from './save-file.ts';
import type { ChartModel } from './types.ts';

/** The ways out of a chart: its picture as PNG or SVG, its numbers as CSV or JSON. */
export function useChartExport(chart: {
  title: () => string;
  model: () => ChartModel;
  group: ChartGroup;
  /** Every point of what is drawn; absent: the drawn points are all there are. */
  data?: (() => Promise<DataTable>) | undefined;
}) {
  const theme = useThemeStore();
  const failed = { failed: 'The chart could not be saved' };
  const picture = useAction(async (kind: 'png' | 'svg') => {
    const { pngPicture, svgPicture } = await import('./picture.ts');
    const view = { ...STILL, x: chart.group.range.value };
    const [title, colours] = [chart.title(), readTheme(theme.dark)];
    if (kind === 'svg') {
      saveFile(fileName(title, 'svg'), svgPicture(chart.model(), title, colours, view), 'image/svg+xml');
    } else saveFile(fileName(title, 'png'), pngPicture(chart.model(), title, colours, view), 'image/png');
  }, failed);
  const numbers = useAction(async (kind: 'csv' | 'json') => {
    const table = await (chart.data?.() ?? dataTable(chart.model()));
    if (kind === 'csv') saveFile(fileName(chart.title(), 'csv'), tableCsv(table), 'text/csv');
    else saveFile(fileName(chart.title(), 'json'), jsonOf(table), 'application/json');
  }, failed);
  return { picture, numbers };
}
