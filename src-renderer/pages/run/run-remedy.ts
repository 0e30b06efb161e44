import type { RunStatus } from '#shared/run/status.ts';

/** What can be done about a run that did not end well. */
export interface Remedy {
  /** What happened, in a few words. */
  title: string;
  /** What to do, a sentence; null where the reason says it, or there is nothing to do. */
  text: string | null;
  /** Offered as buttons. */
  actions: readonly ('resume' | 'fork' | 'log' | 'datasets' | 'devices')[];
}

const CAUSES: readonly { sign: RegExp; text: string; actions: Remedy['actions'] }[] = [
  {
    sign: /loss (is no|became)/i,
    text: 'Fork it with a lower learning rate, a warm-up, or a bound on the gradient.',
    actions: ['fork'],
  },
  {
    sign: /want of memory|SIGKILL|out of memory/i,
    text: 'The machine may have had too little memory: close other programs and resume, or fork it with a smaller batch.',
    actions: ['resume', 'fork'],
  },
  {
    sign: /data ?set/i,
    text: 'Install the data set again, then resume.',
    actions: ['datasets', 'resume'],
  },
  {
    sign: /device|back end|truth probe/i,
    text: 'See what the back ends say of themselves; a fork can compute on another one.',
    actions: ['devices', 'fork'],
  },
  {
    sign: /no space|disk is full|ENOSPC|could not be stored/i,
    text: 'Make room on the disk of the data folder, then resume.',
    actions: ['resume'],
  },
  {
    sign: /no sign of life/i,
    text: 'A driver may have hung: resume it, or fork it for another device.',
    actions: ['resume', 'fork', 'devices'],
  },
];

/** @param reason what was recorded as its end; @param resumable whether it can be resumed at all */
export function remedyFor(status: RunStatus, reason: string | null, resumable: boolean): Remedy | null {
  if (reason === null) return null;
  if (status !== 'failed' && status !== 'crashed') {
    return status === 'stopped' ? { title: 'The run was stopped', text: null, actions: [] } : null;
  }
  const title = status === 'crashed' ? 'The training process vanished' : 'The run failed';
  const cause = CAUSES.find(({ sign }) => sign.test(reason));
  const fallback: Remedy['actions'] = status === 'crashed' ? ['resume', 'log'] : ['fork', 'log'];
  const text =
    cause?.text ??
    (status === 'crashed'
      ? 'Nothing up to its last checkpoint is lost: resume goes on from there.'
      : 'The log says what led to it.');
  const wanted = cause?.actions ?? fallback;
  return { title, text, actions: wanted.filter((action) => action !== 'resume' || resumable) };
}
