import { computed } from 'vue';
import { getIn, setIn, type JsonKey } from '#shared/base/json-document.ts';
import { checkedChoice, type RawChoice } from '../../../components/method/method-facts.ts';
import { useDraftStore } from '../../../stores/draft/index.ts';
import { useModel } from '../use-model.ts';
import type { Finding } from './findings.ts';
import { rawChoice } from './findings.ts';
import { refusalOf, type MethodPlace } from './method-fit.ts';

/** What the parts of the inspector do to the model. */
export function useInspector() {
  const model = useModel();
  const draft = useDraftStore();
  const context = computed(() => ({ classes: draft.dataset?.classes.length }));

  /** Why a method does not go together with the network at a place; null where it does. */
  function refusal(place: MethodPlace, id: string): string | null {
    const { choice } = checkedChoice(place.side, { method: id });
    const spec = model.spec.value;
    if (!spec || !choice) return null;
    const network = { spec, rules: model.rules.value, context: context.value };
    return refusalOf(network, place, 'layers' in place ? { method: id } : choice, model.inspection.value);
  }

  /** A rule of the configuration as it is written, e.g. `['lastLayer', 'weights']`. */
  const writtenRule = (keys: readonly JsonKey[]): RawChoice | undefined =>
    rawChoice(getIn(draft.document, ['quantization', ...keys]));

  function putRule(
    keys: readonly JsonKey[],
    choice: RawChoice | undefined,
    title: string,
    merge?: string,
  ): void {
    const path = ['quantization', ...keys];
    const document = setIn(draft.document, path, choice);
    draft.edit(title, { document }, merge && [...path, merge].join('.'));
  }

  function fix(one: NonNullable<Finding['fix']>): void {
    if (!model.spec.value) return;
    // A remedy is written for a network that its schema has checked; it touches only what its rule looked at.
    const next = one.apply(model.spec.value as never);
    model.apply(one.title, next);
    model.announce(`Done: ${one.title}.`);
  }
  return { model, draft, refusal, writtenRule, putRule, fix };
}
