import type { Migration } from './migration.ts';
import { bundles } from './0002-bundles.ts';
import { drafts } from './0004-drafts.ts';
import { layerFacts } from './0007-layer-facts.ts';
import { predictions } from './0008-predictions.ts';
import { runs } from './0001-runs.ts';
import { runTrash } from './0006-run-trash.ts';
import { searches } from './0003-searches.ts';
import { sessions } from './0005-sessions.ts';

/** Every step of the schema in order. A new one: one file, one line here. */
export const migrations: readonly Migration[] = [
  runs,
  bundles,
  searches,
  drafts,
  sessions,
  runTrash,
  layerFacts,
  predictions,
];
