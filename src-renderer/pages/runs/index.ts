import type { PageDefinition } from '../../app/page.ts';

export const runsPage: PageDefinition = {
  id: 'runs',
  title: 'Runs',
  icon: 'i-lucide-chart-spline',
  path: '/runs',
  navigation: { order: 50 },
  keywords: ['compare', 'table', 'history'],
  load: () => import('./RunsPage.vue'),
};
