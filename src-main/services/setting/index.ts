import type { ServiceOf } from '#shared/contract/api.ts';
import type { settingApi } from '#shared/contract/api/setting.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Store } from '#main/store/index.ts';
import type { Publish } from '../task/publisher.ts';

/** What a person chose once for all windows. */
export function createSettingService(options: {
  store: Store;
  publish: Publish;
}): ServiceOf<typeof settingApi> {
  const { store, publish } = options;
  return {
    read: () => store.settings.read(),
    write({ patch }) {
      store.settings.write(patch as Partial<Settings>);
      publish('settings-changed', {});
      return store.settings.read();
    },
  };
}
