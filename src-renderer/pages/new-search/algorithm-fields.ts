import type { Algorithm } from '#shared/search/config.ts';

export interface AlgorithmField {
  key: string;
  label: string;
  help: string;
  /** What it is where the field is left empty. */
  fallback: string;
  choices?: readonly string[];
}

export const ALGORITHM_SENTENCES: Record<Algorithm['kind'], string> = {
  grid: 'Every point of the space. Ranges need a number of values.',
  random: 'Points by chance, none twice. A good first choice for three or more parameters.',
  evolutionary: 'A population that breeds: the fittest become parents. The defaults are those of TOT-Net.',
  asha: 'Many short trials first, the best of them trained on. The fastest where early epochs foretell late ones.',
};

export const ALGORITHM_FIELDS: Record<Algorithm['kind'], readonly AlgorithmField[]> = {
  grid: [],
  random: [{ key: 'trials', label: 'Trials', help: 'Candidates to train', fallback: '20' }],
  evolutionary: [
    { key: 'population', label: 'Population', help: 'Candidates of a generation', fallback: '20' },
    { key: 'generations', label: 'Generations', help: 'The first one is drawn by chance', fallback: '8' },
    { key: 'retain', label: 'Retain', help: 'Share of the fittest that become parents', fallback: '0.2' },
    { key: 'randomSelect', label: 'Random select', help: 'Chance of another to become one', fallback: '0.1' },
    {
      key: 'mutation',
      label: 'Mutation',
      help: 'Chance that one gene of a child is redrawn',
      fallback: '0.3',
    },
    {
      key: 'crossover',
      label: 'Crossover',
      help: 'How two parents’ genes are mixed',
      fallback: 'one-point',
      choices: ['one-point', 'uniform'],
    },
  ],
  asha: [
    { key: 'trials', label: 'Trials', help: 'Candidates that begin', fallback: '27' },
    { key: 'minEpochs', label: 'First rung', help: 'Epochs that every trial gets', fallback: '1' },
    { key: 'reduction', label: 'Reduction', help: 'One in so many goes on from each rung', fallback: '3' },
  ],
};
