import type { PageDefinition } from '../../app/page.ts';

export const modelPage: PageDefinition = {
  id: 'model',
  title: 'Model',
  icon: 'i-lucide-workflow',
  path: '/model',
  navigation: { order: 35 },
  keywords: ['builder', 'graph', 'layers', 'network', 'quantizers', 'QONNX'],
  load: () => import('./ModelPage.vue'),
};
