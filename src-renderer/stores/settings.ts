import { defineStore } from 'pinia';
import type { Settings } from '#shared/settings/settings.ts';
import { host } from '../client/index.ts';
import { useQuery } from '../composables/use-query.ts';

/** What a person chose once for all windows; null until the host has answered. */
export const useSettingsStore = defineStore('settings', () => {
  const query = useQuery<Settings | null>({
    initial: null,
    load: () => host.call.setting.read({}),
    topics: ['settings-changed'],
  });
  async function change(patch: Partial<Settings>): Promise<void> {
    query.data.value = await host.call.setting.write({ patch });
  }
  return { ...query, change };
});
