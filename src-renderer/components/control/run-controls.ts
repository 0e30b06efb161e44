import { isResumable, type RunStatus } from '#shared/run/status.ts';
import type { ControlButton } from './control-button.ts';

export type ControlId = 'pause' | 'resume' | 'stop' | 'checkpoint';

export interface Control extends ControlButton {
  id: ControlId;
}

const CONTROLS: readonly Control[] = [
  { id: 'resume', label: 'Resume', icon: 'i-lucide-play', done: 'The run goes on from its last checkpoint' },
  { id: 'pause', label: 'Pause', icon: 'i-lucide-pause', done: 'The run writes a checkpoint and pauses' },
  { id: 'checkpoint', label: 'Checkpoint now', icon: 'i-lucide-save', done: 'A checkpoint is being written' },
  { id: 'stop', label: 'Stop', icon: 'i-lucide-square', done: 'The run writes a checkpoint and stops' },
];

/** What can be done with a run in this state: nothing else is shown. */
export function controlsFor(status: RunStatus): Control[] {
  const allowed: Record<ControlId, boolean> = {
    resume: isResumable(status),
    pause: status === 'running',
    checkpoint: status === 'running',
    stop: status === 'running' || status === 'queued' || status === 'paused',
  };
  return CONTROLS.filter((control) => allowed[control.id]);
}
