import { datasetPage } from '../pages/dataset/index.ts';
import { datasetsPage } from '../pages/datasets/index.ts';
import { exportPage } from '../pages/export/index.ts';
import { homePage } from '../pages/home/index.ts';
import { modelPage } from '../pages/model/index.ts';
import { newRunPage } from '../pages/new-run/index.ts';
import { newSearchPage } from '../pages/new-search/index.ts';
import { runPage } from '../pages/run/index.ts';
import { runsPage } from '../pages/runs/index.ts';
import { schedulesPage } from '../pages/schedules/index.ts';
import { searchPage } from '../pages/search/index.ts';
import { searchesPage } from '../pages/searches/index.ts';
import { settingsPage } from '../pages/settings/index.ts';
import type { PageDefinition } from './page.ts';

/** Every page. A new page: one folder, one line here. */
export const pages: readonly PageDefinition[] = [
  homePage,
  datasetsPage,
  datasetPage,
  newRunPage,
  modelPage,
  schedulesPage,
  runsPage,
  runPage,
  searchesPage,
  newSearchPage,
  searchPage,
  exportPage,
  settingsPage,
];

/** Those of the left navigation, in their order. */
export function navigationPages(): PageDefinition[] {
  return pages
    .filter((page) => page.navigation)
    .toSorted((a, b) => (a.navigation?.order ?? 0) - (b.navigation?.order ?? 0));
}
