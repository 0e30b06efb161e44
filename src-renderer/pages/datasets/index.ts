import type { PageDefinition } from '../../app/page.ts';

export const datasetsPage: PageDefinition = {
  id: 'datasets',
  title: 'Data sets',
  icon: 'i-lucide-database',
  path: '/datasets',
  navigation: { order: 15 },
  keywords: ['download', 'import', 'samples', 'classes', 'integrity', 'augmentation'],
  load: () => import('./DatasetsPage.vue'),
};
