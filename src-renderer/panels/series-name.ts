import type { AxisFormat } from '../components/chart/types.ts';
import { layerMeasure, signedCode, type LayerMeasure } from './layer-series.ts';

export interface SeriesDescription {
  title: string;
  format: AxisFormat;
  /** Which way is better; null where neither is. */
  better: 'higher' | 'lower' | null;
}

const SHARES = [
  'zero-fraction',
  'flip-ratio',
  'sparsity',
  'good-sparsity',
  'weight-quantization',
  'activation-quantization',
];

const MEMORY: Record<string, SeriesDescription> = {
  process: { title: 'Memory of the process', format: 'bytes', better: 'lower' },
  backend: { title: 'Memory of tensors', format: 'bytes', better: 'lower' },
  tensors: { title: 'Tensors', format: 'count', better: null },
};

/** `layer/conv1/scale/2` → `conv1: scale, level 2`. */
function ofLayer({ layer, measure, part }: LayerMeasure): SeriesDescription {
  const words = measure.replaceAll('-', ' ');
  const suffix = part === null ? '' : measure === 'threshold' ? ` of ${signedCode(part)}` : `, level ${part}`;
  const format = SHARES.includes(measure) ? 'percent' : 'number';
  return { title: `${layer}: ${words}${suffix}`, format, better: null };
}

/** What a series' name says: `validation/accuracy` is a share, and more of it is better. */
export function describeSeries(name: string): SeriesDescription {
  const own = layerMeasure(name);
  if (own) return ofLayer(own);
  const parts = name.split('/');
  const measure = parts.at(-1) ?? name;
  const words = measure.replaceAll('-', ' ');
  const first = parts[0];
  const title =
    first === 'layer'
      ? `${parts.slice(1, -1).join('/')}: ${words}`
      : parts.length > 1
        ? capital(`${first === 'train' ? 'training' : first} ${words}`)
        : capital(words);
  if (first === 'memory') return MEMORY[measure] ?? { title, format: 'number', better: null };
  if (/^(best-)?accuracy(-training-form)?$/.test(measure))
    return { title, format: 'percent', better: 'higher' };
  if (measure === 'loss') return { title, format: 'number', better: 'lower' };
  if (SHARES.includes(measure)) return { title, format: 'percent', better: null };
  if (measure === 'steps-per-second') return { title, format: 'number', better: 'higher' };
  return { title, format: 'number', better: null };
}

/** The order in which charts are offered: what people look at first. */
export function orderSeries(names: Iterable<string>): string[] {
  const rank = (name: string) => {
    const order = [
      'test/accuracy',
      'test/loss',
      'validation/accuracy',
      'validation/loss',
      'train/loss',
      'train/accuracy',
      'learning-rate',
    ];
    const found = order.indexOf(name);
    return found >= 0 ? found : name.startsWith('layer/') ? 100 : 50;
  };
  return [...new Set(names)].toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
