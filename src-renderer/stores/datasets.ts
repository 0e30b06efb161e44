import { defineStore } from 'pinia';
import { host } from '../client/index.ts';
import { useQuery } from '../composables/use-query.ts';

/** What can be downloaded, and what of it is here. */
export const useDatasetsStore = defineStore('datasets', () => {
  const query = useQuery({
    initial: [],
    load: () => host.call.dataset.catalogue({}),
    topics: ['datasets-changed'],
  });
  return query;
});
