import type { Measurement } from '../types.ts';
import { comparison } from './comparison.ts';
import { firstPaint } from './first-paint.ts';
import { liveMetrics } from './live-metrics.ts';
import { modelBuilder } from './model-builder.ts';
import { runsTable } from './runs-table.ts';
import { whileTraining } from './while-training.ts';

export const MEASUREMENTS: readonly Measurement[] = [
  firstPaint,
  comparison,
  runsTable,
  modelBuilder,
  whileTraining,
  liveMetrics,
];
