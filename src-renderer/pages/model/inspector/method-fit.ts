import { setIn, type JsonKey } from '#shared/base/json-document.ts';
import type { NetworkDocument } from '#shared/model/edit/network.ts';
import { inspectModel } from '#shared/model/inspect/inspect-model.ts';
import type { InspectionContext, ModelInspection } from '#shared/model/inspect/types.ts';
import type { QuantizationRules } from '#shared/model/resolve.ts';
import type { Quantizes } from '#shared/quant/types.ts';
import type { RawChoice } from '../../../components/method/method-facts.ts';

/** What the choice of a method changes: those layers, or a rule of the network. */
export type MethodPlace =
  { side: Quantizes; layers: readonly string[] } | { side: Quantizes; rule: readonly JsonKey[] };

/** A network with the rules that hold for it. */
export interface Network {
  spec: NetworkDocument;
  rules: QuantizationRules;
  context: InspectionContext;
}

/** The network with another method for some layers; undefined: they take that of the network. */
export function withMethod(
  spec: NetworkDocument,
  side: Quantizes,
  ids: readonly string[],
  choice: RawChoice | undefined,
): NetworkDocument {
  const layers = spec.layers.map((layer) => {
    if (!ids.includes(layer.id)) return layer;
    const { [side]: _, ...others } = layer;
    return (choice ? { ...others, [side]: choice } : others) as typeof layer;
  });
  return { ...spec, layers };
}

/**
 * Why a method does not go together with the network at this place, as a run would be refused; null where it does. What is
 * wrong anyway is no reason.
 */
export function refusalOf(
  { spec, rules, context }: Network,
  place: MethodPlace,
  choice: RawChoice,
  now: ModelInspection,
): string | null {
  const next =
    'layers' in place
      ? inspectModel(withMethod(spec, place.side, place.layers, choice), rules, context)
      : inspectModel(spec, setIn(rules, place.rule, choice) as unknown as QuantizationRules, context);
  const before = new Set(now.problems.map(keyOf));
  const fresh = next.problems.find((problem) => problem.origin === 'methods' && !before.has(keyOf(problem)));
  return fresh ? fresh.message : null;
}

function keyOf({ rule, layer, message }: ModelInspection['problems'][number]): string {
  return rule === undefined ? message : `${rule} ${layer ?? ''}`;
}
