import { BitsmithError, fromErrorData } from '#shared/base/errors.ts';
import type { Client } from '#shared/contract/index.ts';
import type { TopicName, TopicPayload } from '#shared/contract/topics/index.ts';
import type { Reply, Request } from '#shared/contract/wire/index.ts';
import type { ConnectionState, Transport } from './transport.ts';

interface Pending {
  request: Request;
  sent: boolean;
  resolve(result: unknown): void;
  reject(error: BitsmithError): void;
}

/** The host as the window sees it: typed calls, pushes, and the state of the connection. */
export interface HostClient {
  call: Client;
  subscribe<T extends TopicName>(topic: T, listener: (payload: TopicPayload<T>) => void): () => void;
  readonly state: ConnectionState;
  onState(listener: (state: ConnectionState) => void): () => void;
  retry(): void;
  close(): void;
}

/**
 * Calls made while a connection is being made wait for it. When it fails or breaks, every call without an answer is
 * rejected with `io`: whether the host had carried it out is unknown, so nothing is sent twice.
 */
export function createClient(transport: Transport): HostClient {
  const pending = new Map<number, Pending>();
  const topicListeners = new Map<string, Set<(payload: never) => void>>();
  const stateListeners = new Set<(state: ConnectionState) => void>();
  let nextId = 1;

  function request(method: string, input: unknown): Promise<unknown> {
    const frame: Request = { type: 'request', id: nextId++, method, input };
    return new Promise((resolve, reject) => {
      if (transport.state === 'waiting') {
        reject(lost(method));
        return;
      }
      const entry: Pending = { request: frame, sent: transport.state === 'open', resolve, reject };
      pending.set(frame.id, entry);
      if (entry.sent) transport.send(frame);
    });
  }

  transport.onReply((reply) => receive(reply, pending, topicListeners));
  transport.onState((state) => {
    if (state === 'open') {
      for (const entry of pending.values()) {
        if (entry.sent) continue;
        entry.sent = true;
        transport.send(entry.request);
      }
    } else if (state === 'waiting') {
      const entries = [...pending.values()];
      pending.clear();
      for (const entry of entries) entry.reject(lost(entry.request.method));
    }
    stateListeners.forEach((listener) => listener(state));
  });

  return {
    call: callProxy(request),
    subscribe: (topic, listener) => {
      const listeners = topicListeners.get(topic) ?? new Set();
      topicListeners.set(topic, listeners);
      listeners.add(listener as (payload: never) => void);
      return () => listeners.delete(listener as (payload: never) => void);
    },
    get state() {
      return transport.state;
    },
    onState: (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    retry: () => transport.retry(),
    close: () => transport.close(),
  };
}

function lost(method: string): BitsmithError {
  return new BitsmithError('io', `no connection to Bitsmith: "${method}" was not answered`, { method });
}

function receive(
  reply: Reply,
  pending: Map<number, Pending>,
  topicListeners: Map<string, Set<(payload: never) => void>>,
): void {
  if (reply.type === 'push') {
    topicListeners.get(reply.topic)?.forEach((listener) => listener(reply.payload as never));
    return;
  }
  const entry = pending.get(reply.id);
  if (!entry) return;
  pending.delete(reply.id);
  if (reply.type === 'result') entry.resolve(reply.result);
  else entry.reject(fromErrorData(reply.error));
}

/** `client.run.list({})` becomes a request for `run.list`; the types come from the contract alone. */
function callProxy(request: (method: string, input: unknown) => Promise<unknown>): Client {
  const features = new Map<string, object>();
  return new Proxy({} as Client, {
    get: (_target, feature) => {
      if (typeof feature !== 'string') return undefined;
      let calls = features.get(feature);
      if (!calls) {
        calls = new Proxy(
          {},
          {
            get: (_inner, name) =>
              typeof name === 'string' ? (input: unknown) => request(`${feature}.${name}`, input) : undefined,
          },
        );
        features.set(feature, calls);
      }
      return calls;
    },
  });
}
