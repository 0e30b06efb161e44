import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { SearchSummary } from '#shared/contract/api/search.ts';
import { host } from '../client/index.ts';
import { useQuery } from '../composables/use-query.ts';

/** All searches, newest first. */
export const useSearchesStore = defineStore('searches', () => {
  const query = useQuery<SearchSummary[]>({
    initial: [],
    load: async () => sorted(await host.call.search.list({})),
    topics: ['searches-changed'],
  });
  const byId = computed(() => new Map(query.data.value.map((search) => [search.id, search])));

  /** Takes over what a call answered, without waiting for the push. */
  function put(summary: SearchSummary): void {
    query.data.value = sorted([...query.data.value.filter(({ id }) => id !== summary.id), summary]);
  }
  function drop(id: string): void {
    query.data.value = query.data.value.filter((search) => search.id !== id);
  }
  return { ...query, byId, put, drop };
});

function sorted(searches: SearchSummary[]): SearchSummary[] {
  return searches.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
}
