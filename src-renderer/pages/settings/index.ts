import type { PageDefinition } from '../../app/page.ts';

export const settingsPage: PageDefinition = {
  id: 'settings',
  title: 'Settings',
  icon: 'i-lucide-settings',
  path: '/settings',
  navigation: { order: 90 },
  keywords: [
    'devices',
    'GPU',
    'benchmark',
    'theme',
    'data folder',
    'logs',
    'diagnostics',
    'notifications',
    'shortcuts',
  ],
  load: () => import('./SettingsPage.vue'),
};
