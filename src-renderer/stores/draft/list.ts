import { defineStore } from 'pinia';
import { host } from '../../client/index.ts';
import { useQuery } from '../../composables/use-query.ts';

/**
 * The drafts that there are. Apart from the draft that is being edited, because the frame of the window lists them, and what
 * editing needs (the checks of a configuration) is a third of the window's code.
 */
export const useDraftListStore = defineStore('drafts', () =>
  useQuery({
    initial: [],
    load: () => host.call.draft.list({}),
    topics: ['drafts-changed'],
  }),
);
