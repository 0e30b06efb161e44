import { describe, expect, it } from 'vitest';
import { readRecipes } from '#main/services/catalogue/recipes.ts';
import { parseRunConfig } from '#shared/run/config.ts';

describe('the recipes that ship', () => {
  const recipes = readRecipes();
  it('are examples first, each with an id of its own', () => {
    expect(recipes[0]?.id).toBe('examples/cifar10-binary');
    expect(new Set(recipes.map(({ id }) => id)).size).toBe(recipes.length);
    expect(recipes.length).toBeGreaterThan(10);
  });
  it.each(recipes)('$id is a configuration', ({ config, epochs, dataset }) => {
    const parsed = parseRunConfig(config);
    expect([parsed.training.epochs, parsed.dataset.name]).toEqual([epochs, dataset]);
  });
});
