/** The pages that edit the draft. */
export const DRAFT_PLACES = [
  { path: '/new', title: 'Set-up', icon: 'i-lucide-sliders-horizontal' },
  { path: '/model', title: 'Model', icon: 'i-lucide-workflow' },
  { path: '/schedules', title: 'Schedules', icon: 'i-lucide-activity' },
] as const;

/** The page on which a field of the configuration is edited. */
export function placeOf(path: string): string {
  if (/^(model|quantization)\b/.test(path)) return '/model';
  const drawn =
    /^training\.(learningRate|regularization|weightQuantization|activationQuantization|freeze|phases|pruning)\b/;
  return drawn.test(path) ? '/schedules' : '/new';
}
