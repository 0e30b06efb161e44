import type { SearchStatus } from '#shared/search/status.ts';
import type { ControlButton } from '../../components/control/control-button.ts';

export type SearchControlId = 'pause' | 'resume' | 'stop';

export interface SearchControl extends ControlButton {
  id: SearchControlId;
}

const CONTROLS: readonly SearchControl[] = [
  { id: 'resume', label: 'Resume', icon: 'i-lucide-play', done: 'The search goes on' },
  { id: 'pause', label: 'Pause', icon: 'i-lucide-pause', done: 'Its runs write a checkpoint and pause' },
  { id: 'stop', label: 'Stop', icon: 'i-lucide-square', done: 'The search has ended; its trials stay' },
];

/** What can be done with a search in this state: nothing else is shown. */
export function searchControls(status: SearchStatus): SearchControl[] {
  const allowed: Record<SearchControlId, boolean> = {
    resume: status === 'paused' || status === 'crashed',
    pause: status === 'running',
    stop: status === 'running' || status === 'paused' || status === 'crashed',
  };
  return CONTROLS.filter((control) => allowed[control.id]);
}
