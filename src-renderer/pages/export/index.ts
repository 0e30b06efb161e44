import type { PageDefinition } from '../../app/page.ts';

export const exportPage: PageDefinition = {
  id: 'export',
  title: 'Export',
  icon: 'i-lucide-cpu',
  path: '/export',
  navigation: { order: 70 },
  keywords: ['firmware', 'bundle', 'verify', 'target'],
  load: () => import('./ExportPage.vue'),
};
