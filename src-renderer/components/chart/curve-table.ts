import type { DataTable } from '#shared/run/export/csv.ts';
import type { Series } from '#shared/run/record.ts';

/** What a chart of series draws, point by point, neither smoothed nor thinned: one row per point and line. */
export function curveTable(
  sources: readonly { label: string; series: string; runs: readonly string[] }[],
  pulled: readonly { run: string; series: readonly Series[] }[],
  nameOf: (run: string) => string,
): DataTable {
  const found = new Map(pulled.map(({ run, series }) => [run, series]));
  return {
    columns: ['line', 'run', 'name', 'series', 'step', 'epoch', 'time', 'value'],
    rows: sources.flatMap(({ label, series: name, runs }) =>
      runs.flatMap((run) => {
        const series = found.get(run)?.find((one) => one.name === name);
        return (series?.value ?? []).map((value, i) => [
          label,
          run,
          nameOf(run),
          name,
          series?.step[i] ?? null,
          series?.epoch[i] ?? null,
          series?.time[i] ?? null,
          value,
        ]);
      }),
    ),
  };
}
