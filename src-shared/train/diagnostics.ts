import { layerKindOf } from '../model/layers/registry.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import { deployedWeights, variablesOf } from '../model/trained.ts';
import type { ResolvedLayer } from '../model/types.ts';
import { codeThresholds } from '../quant/measures/code-thresholds.ts';
import { flipRatio, weightHistogram, zeroFraction } from '../quant/measures/index.ts';
import { codeShares, scalesOf } from '../quant/measures/scales.ts';
import { activationMethod, weightMethod } from '../quant/registry.ts';
import type { DeployedWeights, Staircase } from '../quant/types.ts';
import type { Histogram } from '../run/record.ts';

interface LayerWeights {
  id: string;
  layer: ResolvedLayer;
  variables: Record<string, Float32Array>;
  latent: Float32Array;
  deployed: DeployedWeights;
}

/** Thresholds of a staircase that are recorded; a finer one is told by its scale. */
const MOST_THRESHOLDS = 7;

/**
 * Per quantized layer, at the end of each epoch: zero fraction, flip ratio against the epoch before, scales and thresholds
 * as series, and the histogram with the shares of the codes.
 */
export class LayerDiagnostics {
  readonly #model: ResolvedModel;
  #before = new Map<string, DeployedWeights>();

  constructor(model: ResolvedModel) {
    this.#model = model;
  }

  /** Takes the weights as those that the next epoch's flips are counted from. */
  remember(values: Record<string, Float32Array>): void {
    this.#before = new Map(this.#deployed(values).map(({ id, deployed }) => [id, deployed]));
  }

  measure(
    values: Record<string, Float32Array>,
    at: { epoch: number; step: number },
  ): { series: Record<string, number>; histograms: Histogram[] } {
    const series: Record<string, number> = {};
    const histograms: Histogram[] = [];
    for (const weights of this.#deployed(values)) {
      const { id, latent, deployed } = weights;
      const scales = scalesOf(deployed);
      if (deployed.levels.length > 0) {
        series[`layer/${id}/zero-fraction`] = zeroFraction(deployed);
        const before = this.#before.get(id);
        if (before) series[`layer/${id}/flip-ratio`] = flipRatio(before, deployed);
        Object.assign(series, scaleSeries(weights), thresholdSeries(weights));
      }
      histograms.push({
        ...weightHistogram(id, latent, deployed, { epoch: at.epoch, step: at.step }),
        ...(scales.length > 0 ? { scales } : {}),
        ...(deployed.levels.length > 1
          ? { more: deployed.levels.slice(1).map(({ codes }) => codeShares(codes)) }
          : {}),
      });
      this.#before.set(id, deployed);
    }
    for (const layer of this.#model.layers) {
      const choice = layer.activation;
      const staircase = choice
        ? activationMethod(choice).form.deploy(choice, variablesOf(layer.spec.id, values))
        : null;
      if (staircase) Object.assign(series, staircaseSeries(layer.spec.id, staircase));
    }
    return { series, histograms };
  }

  #deployed(values: Record<string, Float32Array>): LayerWeights[] {
    return this.#model.layers.flatMap((layer) => {
      const { id } = layer.spec;
      const variables = variablesOf(id, values);
      const deployed = deployedWeights(layer, variables);
      return deployed && variables.kernel
        ? [{ id, layer, variables, latent: variables.kernel, deployed }]
        : [];
    });
  }
}

/** `scale` of the first level, `scale/2` … of further ones; where filters have their own, `scale-low` and `scale-high`. */
function scaleSeries({ id, deployed }: LayerWeights): Record<string, number> {
  const series: Record<string, number> = {};
  scalesOf(deployed).forEach(({ low, mean, high }, level) => {
    const suffix = level === 0 ? '' : `/${level + 1}`;
    series[`layer/${id}/scale${suffix}`] = mean;
    if ((deployed.levels[level]?.scale.length ?? 0) > 1) {
      series[`layer/${id}/scale-low${suffix}`] = low;
      series[`layer/${id}/scale-high${suffix}`] = high;
    }
  });
  return series;
}

/** `threshold/<code>`: from which latent weight on that code is taken, the mean over the filters. */
function thresholdSeries({ id, layer, variables, latent, deployed }: LayerWeights): Record<string, number> {
  const shape = layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
  const [level, second] = deployed.levels;
  const choice = layer.weights;
  // Further levels divide what the first one leaves over, and discrete weights are their own codes.
  if (!level || second || !shape || !choice || weightMethod(choice).form.states?.(choice)) return {};
  return Object.fromEntries(
    codeThresholds(latent, level.codes, shape, variables.mask).map(({ code, mean }) => [
      `layer/${id}/threshold/${code}`,
      mean,
    ]),
  );
}

function staircaseSeries(id: string, { thresholds, codes, scale }: Staircase): Record<string, number> {
  const series: Record<string, number> = { [`layer/${id}/scale`]: scale };
  if (thresholds.length > MOST_THRESHOLDS) return series;
  const ascending = codes.every((code, i) => i === 0 || code > (codes[i - 1] ?? 0));
  thresholds.forEach((threshold, i) => {
    series[`layer/${id}/threshold/${ascending ? codes[i + 1] : i + 1}`] = threshold;
  });
  return series;
}
