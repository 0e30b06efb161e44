import { layerKindOf } from '../model/layers/registry.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import { activationMethod, weightMethod } from '../quant/registry.ts';

/**
 * Names and shapes of the noise that one step needs: `<layer>` (with the batch axis) for layers such as dropout,
 * `<layer>/kernel` (the kernel's shape) and `<layer>/activation` (the input's, with the batch axis) for methods that
 * draw.
 */
export function noiseShapes(model: ResolvedModel, batch: number): [name: string, shape: number[]][] {
  return model.layers.flatMap((layer): [string, number[]][] => {
    const kind = layerKindOf(layer.spec.kind);
    const own = kind.noise?.(layer.spec, layer.inputShapes);
    const kernel = kind.kernel?.(layer.spec, layer.inputShapes);
    const drawn = kernel && layer.weights && weightMethod(layer.weights).form.noise?.(layer.weights);
    const drawnInput =
      layer.activation && activationMethod(layer.activation).form.noise?.(layer.activation)
        ? layer.inputShapes[0]
        : undefined;
    return [
      ...(own ? [[layer.spec.id, [batch, ...own]] as [string, number[]]] : []),
      ...(kernel && drawn ? [[`${layer.spec.id}/kernel`, [...kernel.shape]] as [string, number[]]] : []),
      ...(drawnInput ? [[`${layer.spec.id}/activation`, [batch, ...drawnInput]] as [string, number[]]] : []),
    ];
  });
}
