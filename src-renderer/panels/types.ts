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
  /** The lines of one layer, where they are others than those that `select` finds for it. */
  parts?(names: readonly string[], layer: string): { series: string; label: string }[];
  y: { label: string; format: AxisFormat };
}

/** A panel that shows the histograms of one layer: of one epoch, over all of them, or the shares of its codes. */
export interface LayerPanel {
  kind: 'weights' | 'history' | 'states';
  id: string;
  title: string;
  hint?: string;
  place: 'layers';
}

export type PanelDefinition = CurvePanel | LayerPanel;
