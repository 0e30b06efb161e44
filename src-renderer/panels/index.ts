import { accuracyPanel } from './accuracy/index.ts';
import { flipRatioPanel } from './flip-ratio/index.ts';
import { historyPanel } from './history/index.ts';
import { learningRatePanel } from './learning-rate/index.ts';
import { lossPanel } from './loss/index.ts';
import { memoryPanel } from './memory/index.ts';
import { scalePanel } from './scale/index.ts';
import { statesPanel } from './states/index.ts';
import { thresholdsPanel } from './thresholds/index.ts';
import { throughputPanel } from './throughput/index.ts';
import { schedulesPanel } from './schedules/index.ts';
import type { PanelDefinition } from './types.ts';
import { weightsPanel } from './weights/index.ts';
import { zeroFractionPanel } from './zero-fraction/index.ts';

/** Every chart panel. A new panel: one folder, one line here. */
export const panels: readonly PanelDefinition[] = [
  accuracyPanel,
  lossPanel,
  learningRatePanel,
  schedulesPanel,
  throughputPanel,
  memoryPanel,
  weightsPanel,
  historyPanel,
  statesPanel,
  zeroFractionPanel,
  flipRatioPanel,
  scalePanel,
  thresholdsPanel,
];
