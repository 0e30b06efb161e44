import type { PageDefinition } from '../../app/page.ts';

export const homePage: PageDefinition = {
  id: 'home',
  title: 'Home',
  icon: 'i-lucide-house',
  path: '/',
  navigation: { order: 10 },
  keywords: ['devices', 'start', 'demo', 'data sets'],
  load: () => import('./HomePage.vue'),
};
