import type { ResolvedModel } from '../model/resolve.ts';
import { deployedWeights, variablesOf } from '../model/trained.ts';
import { flipRatio, weightHistogram, zeroFraction } from '../quant/measures/index.ts';
import type { DeployedWeights } from '../quant/types.ts';
import type { Histogram } from '../run/record.ts';

/** Per quantized layer, at the end of each epoch: zero fraction, flip ratio against the epoch before, histogram. */
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
    for (const { id, latent, deployed } of this.#deployed(values)) {
      if (deployed.levels.length > 0) {
        series[`layer/${id}/zero-fraction`] = zeroFraction(deployed);
        const before = this.#before.get(id);
        if (before) series[`layer/${id}/flip-ratio`] = flipRatio(before, deployed);
      }
      histograms.push(weightHistogram(id, latent, deployed, { epoch: at.epoch, step: at.step }));
      this.#before.set(id, deployed);
    }
    return { series, histograms };
  }

  #deployed(values: Record<string, Float32Array>) {
    return this.#model.layers.flatMap((layer) => {
      const variables = variablesOf(layer.spec.id, values);
      const deployed = deployedWeights(layer, variables);
      return deployed && variables.kernel ? [{ id: layer.spec.id, latent: variables.kernel, deployed }] : [];
    });
  }
}
