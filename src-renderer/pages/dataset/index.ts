import type { PageDefinition } from '../../app/page.ts';

export const datasetPage: PageDefinition = {
  id: 'dataset',
  title: 'Data set',
  icon: 'i-lucide-database',
  path: '/datasets/:name',
  under: 'datasets',
  load: () => import('./DatasetPage.vue'),
};
