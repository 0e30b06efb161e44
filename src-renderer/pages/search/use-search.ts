import { computed, onScopeDispose } from 'vue';
import { host } from '../../client/index.ts';
import { parseRunConfig, SearchConfigSchema, type SearchConfig } from '../../composables/checked-config.ts';
import { useQuery } from '../../composables/use-query.ts';
import { useSearchesStore } from '../../stores/searches.ts';

/** Everything about one search, kept current. */
export function useSearch(id: string) {
  const searches = useSearchesStore();
  const detail = useQuery({ initial: null, load: () => host.call.search.get({ search: id }) });
  const stops = [
    host.subscribe('searches-changed', ({ search }) => {
      if (search === id || search === null) detail.hint();
    }),
    // Epochs of its trials come as changes of runs.
    host.subscribe('runs-changed', () => {
      if (summary.value?.status === 'running') detail.hint();
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));

  const summary = computed(() => searches.byId.get(id) ?? detail.data.value?.summary);
  const document = computed(() => JSON.stringify(detail.data.value?.config ?? null));
  const config = computed<SearchConfig | null>(() => {
    const parsed = SearchConfigSchema.safeParse(JSON.parse(document.value));
    return parsed.success ? parsed.data : null;
  });
  /** How its runs are trained, before anything of the space is set. */
  const plan = computed(() => {
    if (!config.value) return null;
    try {
      return parseRunConfig(config.value.run).training;
    } catch {
      return null;
    }
  });
  return { summary, detail, config, plan };
}
