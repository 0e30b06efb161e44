import type { VariableSpec, WeightShape } from '../quant/types.ts';
import type { InitialChoice } from './fields.ts';
import type { LayerSpecBase } from './types.ts';

/** First values of a layer's kernel as its specification asks for them; He et al. (arXiv 1502.01852) where it does not. */
export function kernelInitial(spec: LayerSpecBase, kernel: WeightShape): VariableSpec['initial'] {
  const choice = 'initial' in spec ? (spec.initial as InitialChoice) : undefined;
  const { fanIn } = kernel;
  const fanOut = fanOutOf(kernel);
  switch (choice?.kind) {
    case undefined:
      return { kind: 'he-normal', fanIn, fanOut };
    case 'he-normal':
      return { kind: 'normal', deviation: Math.sqrt(2 / (choice.fan === 'out' ? fanOut : fanIn)) };
    case 'lecun-normal':
      return { kind: 'normal', deviation: Math.sqrt(1 / fanIn) };
    case 'glorot-uniform':
      return { kind: 'glorot-uniform', fanIn, fanOut };
    case 'normal':
      return { kind: 'normal', deviation: choice.deviation };
    case 'uniform':
      return { kind: 'uniform', limit: choice.limit };
  }
}

/** Weights that one input value meets: window times filters; for a depthwise convolution the window alone. */
function fanOutOf({ shape, filterAxis }: WeightShape): number {
  const window = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return filterAxis === shape.length - 1 ? window * (shape.at(-1) ?? 1) : window;
}
