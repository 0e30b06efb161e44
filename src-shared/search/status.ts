import { BitsmithError } from '../base/errors.ts';

/**
 * The states of a search, and what may follow what. A search is always in exactly one of them.
 *
 *   running ──► finished   (its algorithm came to the end, or its budget did)
 *     ▲ │ ├───► failed     (no trial can be trained)
 *     │ │ └───► stopped    (a person ended it)
 *     │ ├─────► paused
 *     │ └─────► crashed    (the host vanished, or the store refused)
 *     └── resume ◄── paused, crashed      paused, crashed ──► stopped
 */
export const SEARCH_STATUSES = ['running', 'paused', 'finished', 'stopped', 'failed', 'crashed'] as const;
export type SearchStatus = (typeof SEARCH_STATUSES)[number];

const NEXT: Record<SearchStatus, readonly SearchStatus[]> = {
  running: ['paused', 'finished', 'stopped', 'failed', 'crashed'],
  paused: ['running', 'stopped'],
  crashed: ['running', 'stopped'],
  finished: [],
  stopped: [],
  failed: [],
};

/** @throws BitsmithError `conflict` when `to` may not follow `from` */
export function assertSearchTransition(search: string, from: SearchStatus, to: SearchStatus): void {
  if (NEXT[from].includes(to)) return;
  throw new BitsmithError('conflict', `search ${search} is ${from}; it cannot become ${to}`, {
    search,
    from,
    to,
  });
}
