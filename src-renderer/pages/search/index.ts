import type { PageDefinition } from '../../app/page.ts';

export const searchPage: PageDefinition = {
  id: 'search',
  title: 'Search',
  icon: 'i-lucide-telescope',
  path: '/searches/:search',
  under: 'searches',
  load: () => import('./SearchPage.vue'),
};
