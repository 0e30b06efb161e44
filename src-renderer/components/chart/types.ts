/** What a chart shows, before any library knows of it. Pure data, made by panels. */
export interface ChartLine {
  id: string;
  label: string;
  /** Number of the look: see `lineLook`. Stays with the thing that it shows. */
  look: number;
  /** Ascending, unless `path`. */
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** The same curve before smoothing, drawn faintly behind. */
  ghost?: ArrayLike<number>;
  /** Edges of a band around it; NaN where there is none. */
  band?: { low: ArrayLike<number>; high: ArrayLike<number> };
  /** It runs to and fro: over another metric. */
  path?: boolean;
  /** Drawn heavier than the others: the one that they are measured against. */
  strong?: boolean;
  /** Of the whole curve before smoothing and thinning; absent: `x` and `y` are the whole curve. */
  facts?: { last: number; min: number; max: number; points: number };
}

/** `clock`: milliseconds since 1970. */
export type AxisFormat = 'number' | 'percent' | 'duration' | 'count' | 'bytes' | 'clock';

/** A stretch of the x axis with a name, such as a phase of a training plan. */
export interface ChartBand {
  from: number;
  to: number;
  label: string;
}

export interface LineChart {
  kind: 'lines';
  lines: ChartLine[];
  /** `from` and `to`: the whole axis, where the lines hold a part of it only. */
  x: { label: string; format: AxisFormat; log?: boolean; from?: number; to?: number };
  /** `focus`: between which values the axis is drawn; what lies outside is cut off. */
  y: {
    label: string;
    format: AxisFormat;
    log: boolean;
    min?: number;
    max?: number;
    focus?: { low: number; high: number };
  };
  bands?: ChartBand[];
}

/** Filled and hollow marks tell groups apart beside their colours. */
export type PointSymbol = 'circle' | 'ring' | 'triangle' | 'diamond';

/** Single points of one kind. The columns belong together. */
export interface PointGroup {
  id: string;
  label: string;
  look: number;
  symbol: PointSymbol;
  x: number[];
  y: number[];
  /** What each point stands for: handed back when it is picked. */
  keys: string[];
  /** What each point is called when it is pointed at. */
  names: string[];
  /** Drawn behind the others, and faintly. */
  dim?: boolean;
}

export interface PointChart {
  kind: 'points';
  groups: PointGroup[];
  /**
   * Drawn as a staircase over the points, e.g. the best so far. `step`: whether it rises behind a point (`end`, as
   * absent) or in front of it.
   */
  line?: { label: string; look: number; x: number[]; y: number[]; step?: 'start' | 'end' };
  /** `ticks`: the only places with a label, one unit apart from 0 on. */
  x: { label: string; format: AxisFormat; log?: boolean; ticks?: string[] };
  y: { label: string; format: AxisFormat; log?: boolean };
  /** Key of the point that stands out. */
  chosen?: string | null;
}

export interface BarChart {
  kind: 'bars';
  /** Centre of each bar. */
  x: number[];
  /** NaN: no bar. */
  y: number[];
  label: string;
  xLabel: string;
  /** What each bar is called, where the places are no numbers. */
  names?: string[];
  format?: AxisFormat;
  /** A second bar beside each. */
  beside?: { label: string; y: number[] };
  /** A dash across each bar, at the value that it is held against. */
  marks?: { label: string; y: number[] };
}

export type ChartModel = LineChart | BarChart | PointChart;
