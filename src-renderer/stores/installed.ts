import { defineStore } from 'pinia';
import { computed } from 'vue';
import { host } from '../client/index.ts';
import { useQuery } from '../composables/use-query.ts';

/** The data sets that are here, those of the catalogue and those of one's own. */
export const useInstalledStore = defineStore('installed', () => {
  const query = useQuery({
    initial: [],
    load: () => host.call.dataset.list({}),
    topics: ['datasets-changed'],
  });
  const byName = computed(() => new Map(query.data.value.map((info) => [info.name, info])));
  return { ...query, byName };
});
