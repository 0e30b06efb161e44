import { BitsmithError } from '#shared/base/errors.ts';
import { isObject, type JsonObject } from '#shared/base/json-document.ts';
import { readJson } from '../../../components/json/json-mistake.ts';

/**
 * The network in a file: a network by itself, or the `model` of a run's configuration.
 *
 * @throws BitsmithError `invalid-input` naming the file and what it lacks
 */
export function readNetworkText(name: string, text: string): JsonObject {
  const read = readJson(text);
  if (!('value' in read)) {
    throw new BitsmithError(
      'invalid-input',
      `${name} is no JSON: line ${read.mistake.line}, ${read.mistake.text}`,
    );
  }
  const { value } = read;
  const network = isObject(value) && isObject(value.model) ? value.model : value;
  if (isObject(network) && (Array.isArray(network.layers) || typeof network.preset === 'string'))
    return network;
  throw new BitsmithError(
    'invalid-input',
    `${name} holds no network: a network is an object with a list "layers", or a run's configuration with one in "model"`,
  );
}
