import type { ServiceOf } from '#shared/contract/api.ts';
import type { draftApi } from '#shared/contract/api/draft.ts';
import { systemClock, timestamp, type Clock } from '#main/platform/clock.ts';
import type { Store } from '#main/store/index.ts';
import type { Publish } from '../task/publisher.ts';

/** Keeps configurations that are being edited. */
export function createDraftService(options: {
  store: Store;
  publish: Publish;
  clock?: Clock;
}): ServiceOf<typeof draftApi> {
  const { store, publish, clock = systemClock } = options;
  return {
    list: () => store.drafts.list(),
    read: ({ draft }) => store.drafts.get(draft),
    write({ draft }) {
      const revision = store.drafts.put(draft, timestamp(clock));
      publish('drafts-changed', { draft: draft.id });
      return { revision };
    },
    remove({ draft }) {
      store.drafts.remove(draft);
      publish('drafts-changed', { draft });
      return {};
    },
  };
}
