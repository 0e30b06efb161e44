import { combinationWarnings } from '../combination/index.ts';
import type { InspectedLayer, ModelInspection } from '../inspect/types.ts';
import { accumulatorRange } from './accumulator-range.ts';
import { edgePrecision } from './edge-precision.ts';
import { withField } from './fixes.ts';
import { layerOrder } from './layer-order.ts';
import type { Lint } from './types.ts';

/** Rules of `combination/` that say how something is, not that something is amiss. */
const INFORMATION = new Set(['batch-statistics', 'zero-padded-signs']);

/**
 * Advice about a network, at the layer that each piece belongs to, in the order of the layers. What keeps it from being
 * trained is no advice: those are the problems of the inspection. A network that is not whole yet gets none.
 *
 * There is no advice about multiples of channels: our kernels slice over pixels, 32 outputs a word, whatever the channels.
 */
export function lintModel(inspection: ModelInspection): Lint[] {
  const { layers, model } = inspection;
  const lints = model
    ? [
        ...edgePrecision(model),
        ...combinationWarnings(model).map(fromWarning),
        ...layerOrder(model),
        ...accumulatorRange(model),
      ]
    : [];
  const place = new Map(layers.map(({ id }, index) => [id, index]));
  return lints.toSorted((a, b) => (place.get(a.layer) ?? 0) - (place.get(b.layer) ?? 0));

  function fromWarning({ rule, layer, reason }: ReturnType<typeof combinationWarnings>[number]): Lint {
    const severity = INFORMATION.has(rule) ? 'information' : 'warning';
    const lint: Lint = { rule, layer, severity, message: `layer "${layer}": ${reason}` };
    const found = layers.find(({ id }) => id === layer);
    return rule === 'zero-padded-signs' && found ? withMinusOne(lint, found) : lint;
  }
}

function withMinusOne(lint: Lint, { id }: InspectedLayer): Lint {
  return {
    ...lint,
    field: ['padValue'],
    fix: {
      title: 'Pad with −1',
      apply: (spec) => withField(spec, id, 'padValue', 'minus-one'),
    },
  };
}
