/** What layers of a kind are called, with a number behind; other kinds by their own name. */
const NAMES: Readonly<Record<string, string>> = {
  conv2d: 'conv',
  'depthwise-conv2d': 'dw',
  'batch-norm': 'bn',
  'max-pool': 'pool',
  'average-pool': 'pool',
  'global-average-pool': 'gap',
  'shortcut-a': 'shortcut',
  dropout: 'drop',
  activation: 'act',
};
const LONGEST = 63;

/** An id for a new layer of a kind: `conv4` where conv1 to conv3 exist. */
export function freshId(kind: string, taken: ReadonlySet<string>): string {
  return numbered(NAMES[kind] ?? kind, taken);
}

/** An id for the copy of a layer: `block2_conv1` gives `block2_conv2`. */
export function copyId(id: string, taken: ReadonlySet<string>): string {
  return numbered(id.replace(/\d+$/, '') || 'layer', taken);
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  const base = name.slice(0, LONGEST - 5);
  let highest = 0;
  for (const id of taken) {
    const number = id.startsWith(base) ? id.slice(base.length) : '';
    if (/^\d{1,4}$/.test(number)) highest = Math.max(highest, Number(number));
  }
  return `${base}${highest + 1}`;
}
