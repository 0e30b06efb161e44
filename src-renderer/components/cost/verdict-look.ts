import type { FitVerdict } from '#shared/export/estimate/types.ts';

export interface VerdictLook {
  icon: string;
  tone: string;
  /** A sentence without its full stop. */
  text: string;
  /** What it is of, where that is not the network as it stands. */
  note: string | null;
}

/** What is known of a deployment just now, in words and with an icon. */
export function verdictLook(known: {
  isWhole: boolean;
  isBusy: boolean;
  isStale: boolean;
  refusal: string | null;
  verdict: FitVerdict | null;
}): VerdictLook {
  if (!known.isWhole) {
    return {
      icon: 'i-lucide-circle-dashed',
      tone: 'text-muted',
      text: 'Not known: the network has problems to mend first',
      note: null,
    };
  }
  const note = known.isStale && known.isBusy ? 'being worked out anew' : null;
  if (known.verdict) return { ...ofVerdict(known.verdict), note };
  if (known.refusal !== null)
    return { icon: 'i-lucide-ban', tone: 'text-warning', text: sentence(known.refusal), note };
  return { icon: 'i-lucide-loader', tone: 'text-muted', text: 'Being worked out …', note: null };
}

function ofVerdict({ fits, sentence: text }: FitVerdict): Omit<VerdictLook, 'note'> {
  if (fits === null) return { icon: 'i-lucide-cpu', tone: 'text-muted', text: sentence(text) };
  return fits
    ? { icon: 'i-lucide-circle-check', tone: 'text-success', text: sentence(text) }
    : { icon: 'i-lucide-circle-x', tone: 'text-error', text: sentence(text) };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');
}
