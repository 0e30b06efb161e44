import { builderScene } from './builder.ts';
import { curvesScene } from './curves.ts';
import { liveScene } from './live.ts';
import { runsScene } from './runs.ts';
import { trainingScene } from './training.ts';
import type { Scene } from './types.ts';

export const SCENES = {
  runs: runsScene,
  curves: curvesScene,
  live: liveScene,
  builder: builderScene,
  training: trainingScene,
} satisfies Record<string, Scene>;
export type SceneName = keyof typeof SCENES;
