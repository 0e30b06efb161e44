import { defineStore } from 'pinia';
import { host } from '../client/index.ts';
import { useQuery } from '../composables/use-query.ts';

/** Version, data folder and kind of shell. */
export const useAppInfoStore = defineStore('app-info', () =>
  useQuery({ initial: null, load: () => host.call.app.info({}) }),
);
