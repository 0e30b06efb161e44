import type { Target } from '../types.ts';

export const host: Target = {
  id: 'host',
  title: 'This computer',
  description: 'A library and test programs for the machine that runs Bitsmith.',
  compiler: 'gcc',
  flags: [],
};
