import type { RunStatus } from '#shared/run/status.ts';

export interface StatusLook {
  label: string;
  icon: string;
  /** Class of the text: colour goes with an icon and a word, never alone. */
  tone: string;
}

export const STATUS_LOOKS: Record<RunStatus, StatusLook> = {
  queued: { label: 'Queued', icon: 'i-lucide-clock', tone: 'text-muted' },
  running: { label: 'Running', icon: 'i-lucide-activity', tone: 'text-info' },
  paused: { label: 'Paused', icon: 'i-lucide-circle-pause', tone: 'text-warning' },
  finished: { label: 'Finished', icon: 'i-lucide-circle-check', tone: 'text-success' },
  stopped: { label: 'Stopped', icon: 'i-lucide-circle-stop', tone: 'text-muted' },
  failed: { label: 'Failed', icon: 'i-lucide-circle-x', tone: 'text-error' },
  crashed: { label: 'Crashed', icon: 'i-lucide-zap', tone: 'text-error' },
};
