import { z } from 'zod';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { catalogueApi } from '#shared/contract/api/catalogue.ts';
import { costReport } from '#shared/model/cost.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import { resolveModel } from '#shared/model/resolve.ts';
import { METHODS } from '#shared/quant/registry.ts';
import { readRecipes } from './recipes.ts';

/** The rules under which presets are counted; parameters and multiply-accumulates do not depend on them. */
const FLOAT = {
  weights: { method: 'full-precision' },
  activations: { method: 'full-precision', function: 'relu' },
};

/** What the program knows by itself: methods and model presets. */
export const catalogueService: ServiceOf<typeof catalogueApi> = {
  methods: () =>
    METHODS.map(({ card, weights, activations }) => ({
      id: card.id,
      title: card.title,
      sentence: card.sentence,
      quantizes: [...card.quantizes],
      bits: card.bits,
      forward: [...card.forward],
      gradient: [...card.gradient],
      parameters: {
        ...(weights ? { weights: z.toJSONSchema(weights.parameters, { io: 'input' }) } : {}),
        ...(activations ? { activations: z.toJSONSchema(activations.parameters, { io: 'input' }) } : {}),
      },
      paper: card.paper ?? null,
      departures: [...card.departures],
    })),
  recipes: () => readRecipes(),
  models: () =>
    MODEL_PRESETS.map(({ id, title, description, usual, build }) => {
      const { total } = costReport(resolveModel(build(usual.shape, usual.classes), FLOAT, usual.classes));
      return { id, title, description, parameters: total.parameters, macs: total.macsTotal };
    }),
};
