import type { Bridge } from '#shared/contract/wire/bridge.ts';
import type { Transport } from './transport.ts';

/** Electron: the host lives in the same program, so the connection is always open. */
export function bridgeTransport(bridge: Bridge): Transport {
  const unsubscribe: (() => void)[] = [];
  return {
    state: 'open',
    send: (request) => bridge.send(request),
    onReply: (listener) => unsubscribe.push(bridge.onReply(listener)),
    onState: () => undefined,
    retry: () => undefined,
    close: () => unsubscribe.forEach((stop) => stop()),
  };
}
