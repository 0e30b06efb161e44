/** What a chart shows, before any library knows of it. Pure data, made by panels. */
export interface ChartLine {
  id: string;
  label: string;
  /** Number of the look: see `lineLook`. Stays with the thing that it shows. */
  look: number;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** The same curve before smoothing, drawn faintly behind. */
  ghost?: ArrayLike<number>;
}

export type AxisFormat = 'number' | 'percent' | 'duration' | 'count';

export interface LineChart {
  kind: 'lines';
  lines: ChartLine[];
  x: { label: string; format: AxisFormat };
  y: { label: string; format: AxisFormat; log: boolean };
}

export interface BarChart {
  kind: 'bars';
  /** Centre of each bar. */
  x: number[];
  y: number[];
  label: string;
  xLabel: string;
}

export type ChartModel = LineChart | BarChart;
