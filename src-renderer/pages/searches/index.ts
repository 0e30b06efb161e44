import type { PageDefinition } from '../../app/page.ts';

export const searchesPage: PageDefinition = {
  id: 'searches',
  title: 'Searches',
  icon: 'i-lucide-telescope',
  path: '/searches',
  navigation: { order: 60 },
  keywords: ['sweep', 'hyperparameters', 'grid', 'random', 'evolution', 'asha', 'leaderboard'],
  load: () => import('./SearchesPage.vue'),
};
