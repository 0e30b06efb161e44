export interface GuideFacts {
  devices: number;
  runs: number;
  finished: number;
  bundles: number;
}

export interface GuideStep {
  id: 'open' | 'train' | 'compare' | 'export';
  title: string;
  text: string;
  done: boolean;
  /** Where its button goes; absent: the step has another button or none. */
  to?: string;
}

/** The four flows of the product, and which of them this person has been through. */
export function guideSteps(facts: GuideFacts): GuideStep[] {
  return [
    {
      id: 'open',
      title: 'Install and open',
      text:
        facts.devices > 0 ? 'A back end is ready to train.' : 'Looking for a back end that can train here.',
      done: facts.devices > 0,
    },
    {
      id: 'train',
      title: 'Train a network',
      text: 'The demo learns to read digits with ternary weights.',
      done: facts.runs > 0,
    },
    {
      id: 'compare',
      title: 'Compare runs',
      text: 'Overlay curves and see which setting made the difference.',
      done: facts.finished > 1,
      to: '/runs',
    },
    {
      id: 'export',
      title: 'Export firmware',
      text: 'C99 that computes, bit for bit, what was trained.',
      done: facts.bundles > 0,
      to: '/export',
    },
  ];
}
