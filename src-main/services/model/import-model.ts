import { BitsmithError } from '#shared/base/errors.ts';
import { isObject } from '#shared/base/json-document.ts';
import { parseWith } from '#shared/base/schema.ts';
import type { ImportedModel } from '#shared/contract/api/model.ts';
import { readModel } from '#shared/model/qonnx/read/read-model.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { decodeModel } from './decode.ts';

/** Large enough for any network as JSON. */
const MOST_JSON_BYTES = 16 * 1024 * 1024;

/**
 * The network in a file, by its content: JSON (a network, or a run's configuration with one), else QONNX or ONNX.
 *
 * @param name of the file, for messages
 * @throws BitsmithError `invalid-input`, `corrupt` or `unsupported`, naming the file and what is wrong with it
 */
export function importModel(bytes: Uint8Array, name: string): ImportedModel {
  if (bytes.length === 0) throw new BitsmithError('corrupt', `${name} is empty`);
  if (/\.json$/i.test(name) || looksLikeJson(bytes)) return importJson(bytes, name);
  const { spec, notes } = readModel(decodeModel(bytes, name), name);
  return { spec, notes };
}

/** An ONNX file begins with the tag of a field, which no JSON text begins with. */
function looksLikeJson(bytes: Uint8Array): boolean {
  return /^\uFEFF?\s*[{[]/.test(Buffer.from(bytes.subarray(0, 64)).toString('utf8'));
}

function importJson(bytes: Uint8Array, name: string): ImportedModel {
  if (bytes.length > MOST_JSON_BYTES) {
    throw new BitsmithError(
      'unsupported',
      `${name} is larger than the 16 MiB that a network as JSON may have`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BitsmithError('corrupt', `${name} is no JSON: ${reason}`);
  }
  const configured = isObject(value) && isObject(value.model) ? value.model : undefined;
  const network = configured ?? value;
  if (!isObject(network) || !Array.isArray(network.layers)) {
    throw new BitsmithError(
      'invalid-input',
      `${name} holds no network: a network is an object with a list "layers", or a run's configuration with one in "model"`,
    );
  }
  const spec = parseWith(ModelSpecSchema, network, name);
  const notes = configured ? ['Only the network of the configuration was taken.'] : [];
  return { spec, notes };
}
