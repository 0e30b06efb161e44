import type { TrialStatus } from '#shared/search/trial.ts';
import type { StatusLook } from '../../components/base/status-look.ts';
import type { PointSymbol } from '../../components/chart/types.ts';

/** A trial's state: its word and icon in tables, its mark in charts. Colour never stands alone. */
export const TRIAL_LOOKS: Record<TrialStatus, StatusLook & { look: number; symbol: PointSymbol }> = {
  active: { label: 'Training', icon: 'i-lucide-activity', tone: 'text-info', look: 0, symbol: 'diamond' },
  waiting: {
    label: 'At a rung',
    icon: 'i-lucide-circle-pause',
    tone: 'text-warning',
    look: 8,
    symbol: 'triangle',
  },
  finished: {
    label: 'Finished',
    icon: 'i-lucide-circle-check',
    tone: 'text-success',
    look: 2,
    symbol: 'circle',
  },
  stopped: { label: 'Stopped', icon: 'i-lucide-circle-stop', tone: 'text-muted', look: 9, symbol: 'ring' },
  failed: { label: 'Failed', icon: 'i-lucide-circle-x', tone: 'text-error', look: 7, symbol: 'triangle' },
};
