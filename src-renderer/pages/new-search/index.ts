import type { PageDefinition } from '../../app/page.ts';

export const newSearchPage: PageDefinition = {
  id: 'new-search',
  title: 'New search',
  icon: 'i-lucide-telescope',
  path: '/searches/new',
  under: 'searches',
  load: () => import('./NewSearchPage.vue'),
};
