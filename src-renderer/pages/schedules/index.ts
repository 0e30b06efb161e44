import type { PageDefinition } from '../../app/page.ts';

export const schedulesPage: PageDefinition = {
  id: 'schedules',
  title: 'Schedules',
  icon: 'i-lucide-activity',
  path: '/schedules',
  navigation: { order: 40 },
  keywords: ['learning rate', 'sparsity', 'phases', 'pruning', 'regularisation'],
  load: () => import('./SchedulesPage.vue'),
};
