import type { PageDefinition } from '../../app/page.ts';

export const runPage: PageDefinition = {
  id: 'run',
  title: 'Run',
  icon: 'i-lucide-activity',
  path: '/runs/:run',
  under: 'runs',
  load: () => import('./RunPage.vue'),
};
