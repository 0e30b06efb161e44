/** Every target, by the name that configurations and commands use. */
export const TARGET_IDS = [
  'host',
  'cortex-m0',
  'cortex-m0plus',
  'cortex-m3',
  'cortex-m4',
  'cortex-m7',
  'cortex-m33',
  'cortex-m55',
  'rv32imc',
  'generic-c99',
] as const;
