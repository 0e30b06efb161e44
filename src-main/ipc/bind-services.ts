import { BitsmithError, toErrorData, type ErrorData } from '#shared/base/errors.ts';
import { parseWith } from '#shared/base/schema.ts';
import type { Call, Feature } from '#shared/contract/api.ts';
import { RequestSchema, type Reply } from '#shared/contract/wire/index.ts';

type Implementation = (input: unknown) => unknown;

/** Answers one request from a window. Never throws: what goes wrong is a reply of type `error`. */
export type Handle = (request: unknown) => Promise<Reply>;

/**
 * Ties a contract to the services that implement it. Knows nothing of features: the contract is the list of what may
 * be called, and its schemas decide what goes in and what comes out.
 *
 * @throws BitsmithError `internal` when a call of the contract has no implementation, or two calls share a name
 */
export function bindServices(
  contract: Record<string, Feature>,
  services: Record<string, Record<string, unknown>>,
): Handle {
  const methods = collect(contract, services);
  return async (request) => {
    const id = idOf(request);
    try {
      const { method, input } = parseWith(RequestSchema, request, 'the request');
      const bound = methods.get(method);
      if (!bound) throw new BitsmithError('not-found', `there is no call named "${method}"`, { method });
      const argument = parseWith(bound.call.input, input, method);
      const result = await bound.run(argument);
      return { type: 'result', id, result: encode(bound.call, method, result) };
    } catch (error) {
      return { type: 'error', id, error: encodeError(error) };
    }
  };
}

function collect(contract: Record<string, Feature>, services: Record<string, Record<string, unknown>>) {
  const methods = new Map<string, { call: Call; run: Implementation }>();
  for (const [feature, calls] of Object.entries(contract)) {
    for (const [name, call] of Object.entries(calls)) {
      const method = `${feature}.${name}`;
      if (methods.has(method)) throw new BitsmithError('internal', `the call "${method}" is declared twice`);
      const service = services[feature];
      const implementation = service?.[name];
      if (typeof implementation !== 'function') {
        throw new BitsmithError('internal', `the call "${method}" has no implementation`);
      }
      methods.set(method, { call, run: (input) => implementation.call(service, input) });
    }
  }
  return methods;
}

/** A result that breaks its own schema is a defect of the host, not of the caller. */
function encode(call: Call, method: string, result: unknown): unknown {
  const parsed = call.output.safeParse(result);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new BitsmithError(
      'internal',
      `the result of ${method} does not fit its schema at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`,
      {
        issues: parsed.error.issues
          .slice(0, 10)
          .map(({ path, message }) => ({ path: path.join('.'), message })),
      },
    );
  }
  assertPlain(parsed.data, method);
  return parsed.data;
}

/** Both wires carry JSON: a result with a cycle or a bigint must become an error here, not a lost reply. */
function assertPlain(value: unknown, method: string): void {
  try {
    JSON.stringify(value);
  } catch (error) {
    throw new BitsmithError('internal', `the result of ${method} cannot be encoded`, {}, { cause: error });
  }
}

function encodeError(error: unknown): ErrorData {
  const data = toErrorData(error);
  try {
    if (data.details) JSON.stringify(data.details);
    return data;
  } catch {
    return { code: data.code, message: data.message };
  }
}

function idOf(request: unknown): number {
  const id: unknown =
    request !== null && typeof request === 'object' ? Reflect.get(request, 'id') : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : -1;
}
