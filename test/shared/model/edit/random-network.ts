import type { LayerDocument, NetworkDocument } from '#shared/model/edit/network.ts';
import { Draw } from '#test/support/random-quantities.ts';

const KINDS = ['conv2d', 'batch-norm', 'activation', 'dropout'] as const;

/** A random network that can be trained: chains, branches and sums, of one shape until the end. */
export function randomNetwork(seed: number): NetworkDocument {
  const draw = new Draw(seed, 'random-network-document');
  const layers: LayerDocument[] = [];
  let unread: string[] = ['input'];
  const put = (layer: Omit<LayerDocument, 'id'>, inputs: string[]) => {
    const id = `l${layers.length}`;
    const implied = inputs.length === 1 && inputs[0] === (layers.at(-1)?.id ?? 'input') && draw.chance(0.8);
    layers.push({ id, kind: '', ...layer, ...(implied ? {} : { inputs }) });
    unread = [...unread.filter((name) => !inputs.includes(name)), id];
  };
  const plain = () => {
    const kind = draw.pick(KINDS);
    return kind === 'conv2d' ? { kind, filters: 4, kernel: 3 } : { kind };
  };
  for (let i = draw.int(3, 14); i > 0; i--) {
    const known = ['input', ...layers.map(({ id }) => id)];
    if (known.length > 2 && draw.chance(0.25)) {
      const [a, b] = [draw.pick(known), draw.pick(known)];
      if (a !== b) put({ kind: 'add' }, [a, b]);
    } else put(plain(), [draw.chance(0.75) ? (known.at(-1) ?? 'input') : draw.pick(known)]);
  }
  const loose = unread.filter((id) => id !== 'input');
  if (loose.length > 1) put({ kind: 'add' }, loose);
  put({ kind: 'global-average-pool' }, [unread.find((id) => id !== 'input') ?? 'input']);
  put({ kind: 'dense', units: 10 }, [layers.at(-1)?.id ?? 'input']);
  return { version: 1, name: `random ${seed}`, input: { shape: [16, 16, 4] }, layers };
}
