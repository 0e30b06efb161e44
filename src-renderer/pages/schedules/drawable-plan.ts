import { isObject, type JsonObject } from '#shared/base/json-document.ts';
import type { TrainingPlan } from '#shared/train/plan.ts';
import { checkWith, TrainingPlanSchema } from '../../composables/checked-config.ts';

/** What can be drawn of a training document that may be wrong. */
export interface DrawablePlan {
  plan: TrainingPlan;
  /** Fields of `training` that are wrong now and drawn as they last were right. */
  wrong: string[];
  /** The document that is drawn. */
  training: JsonObject;
}

/**
 * The plan of a training document. Wrong fields are replaced by what they last were, so that the others can still be drawn
 * and edited.
 *
 * @param last the document when it was right; null: never yet
 */
export function drawablePlan(training: unknown, last: JsonObject | null): DrawablePlan {
  let document: JsonObject = isObject(training) ? training : {};
  const wrong = new Set<string>();
  for (let tries = 0; tries < 4; tries++) {
    const result = checkWith(TrainingPlanSchema, document);
    if ('value' in result) return { plan: result.value, wrong: [...wrong], training: document };
    for (const { keys } of result.issues) if (keys[0] !== undefined) wrong.add(String(keys[0]));
    document = replaced(document, wrong, last);
  }
  const plan = TrainingPlanSchema.parse(last ?? {});
  return { plan, wrong: Object.keys(isObject(training) ? training : {}), training: last ?? {} };
}

function replaced(document: JsonObject, wrong: ReadonlySet<string>, last: JsonObject | null): JsonObject {
  const kept = Object.entries(document).filter(([key]) => !wrong.has(key));
  const former = Object.entries(last ?? {}).filter(([key]) => wrong.has(key));
  return Object.fromEntries([...kept, ...former]);
}
