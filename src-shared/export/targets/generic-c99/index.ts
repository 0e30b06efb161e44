import type { Target } from '../types.ts';

export const genericC99: Target = {
  id: 'generic-c99',
  title: 'Any C99 compiler',
  description: 'Sources alone, for a core that is not in the list: no start-up code, no compiler extension.',
  compiler: 'gcc',
  flags: ['-DBS_PORTABLE'],
};
