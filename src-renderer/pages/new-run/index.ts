import type { PageDefinition } from '../../app/page.ts';

export const newRunPage: PageDefinition = {
  id: 'new-run',
  title: 'New run',
  icon: 'i-lucide-circle-play',
  path: '/new',
  navigation: { order: 30 },
  keywords: ['launch', 'train', 'configuration', 'fork', 'seed'],
  load: () => import('./NewRunPage.vue'),
};
