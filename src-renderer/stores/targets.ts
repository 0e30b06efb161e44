import { defineStore } from 'pinia';
import { host } from '../client/index.ts';
import { useQuery } from '../composables/use-query.ts';

/** Cores that firmware can be written for, and the toolchains found for them. */
export const useTargetsStore = defineStore('targets', () =>
  useQuery({ initial: [], load: () => host.call.export.targets({}) }),
);
