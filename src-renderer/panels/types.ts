import type { AxisFormat } from '../components/chart/types.ts';

/** A chart of metric series. Query and description are pure, so a panel is tested without mounting anything. */
export interface CurvePanel {
  kind: 'curves';
  id: string;
  title: string;
  /** One short phrase beside the title; absent where the title says it all. */
  hint?: string;
  /** Where the Run page shows it. */
  place: 'training' | 'layers';
  /** Which of a run's series it shows, in the order of its lines. */
  select(names: readonly string[]): string[];
  /** Name of a line in a chart of one run. */
  label(series: string): string;
  y: { label: string; format: AxisFormat };
}

/** A panel that shows the weight histograms of one layer. */
export interface WeightsPanel {
  kind: 'weights';
  id: string;
  title: string;
  hint?: string;
  place: 'layers';
}

export type PanelDefinition = CurvePanel | WeightsPanel;
