import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseRunConfig } from '#shared/run/config.ts';
import { resourcesFolder } from '#main/platform/application.ts';

/** A configuration to start from that ships with the program. */
export interface Recipe {
  id: string;
  name: string;
  notes: string;
  dataset: string;
  model: string;
  epochs: number;
  config: Record<string, unknown>;
}

/** Examples first, then the papers' settings; each as it is in its file. */
export function readRecipes(): Recipe[] {
  return ['examples', 'recipes'].flatMap((folder) => {
    const at = path.join(resourcesFolder(), folder);
    return fs
      .readdirSync(at)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((file) => {
        const document: unknown = JSON.parse(fs.readFileSync(path.join(at, file), 'utf8'));
        const { name, notes, dataset, model, training } = parseRunConfig(document, `the recipe ${file}`);
        return {
          id: `${folder}/${file.replace(/\.json$/, '')}`,
          name,
          notes,
          dataset: dataset.name,
          model: 'preset' in model ? model.preset : model.name,
          epochs: training.epochs,
          config: document as Record<string, unknown>,
        };
      });
  });
}
