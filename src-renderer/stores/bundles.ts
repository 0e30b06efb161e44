import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Bundle } from '#shared/contract/api/export.ts';
import { host } from '../client/index.ts';
import { useQuery } from '../composables/use-query.ts';

/** Firmware bundles that were written, newest first. */
export const useBundlesStore = defineStore('bundles', () => {
  const query = useQuery<Bundle[]>({
    initial: [],
    load: async () => {
      const bundles = await host.call.export.list({});
      return bundles.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
    },
    topics: ['bundles-changed'],
  });
  const byId = computed(() => new Map(query.data.value.map((bundle) => [bundle.id, bundle])));
  return { ...query, byId };
});
