import type { Reply } from '#shared/contract/wire/index.ts';
import { backoff } from './backoff.ts';
import type { ConnectionState, Transport } from './transport.ts';

/** What of a browser's WebSocket is used: a test hands in another. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  send(text: string): void;
  close(): void;
}

/** Browser: a WebSocket to `bitsmith serve`, which comes back by itself after a loss. */
export function socketTransport(open: () => Socket): Transport {
  const listeners: { reply: ((reply: Reply) => void)[]; state: ((state: ConnectionState) => void)[] } = {
    reply: [],
    state: [],
  };
  let state: ConnectionState = 'connecting';
  let socket: Socket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let closed = false;

  function become(next: ConnectionState): void {
    state = next;
    listeners.state.forEach((listener) => listener(next));
  }

  function connect(): void {
    clearTimeout(timer);
    become('connecting');
    const current = open();
    socket = current;
    current.onopen = () => {
      attempt = 0;
      become('open');
    };
    current.onmessage = (event) => {
      const reply = JSON.parse(event.data) as Reply;
      listeners.reply.forEach((listener) => listener(reply));
    };
    current.onclose = () => {
      if (closed || socket !== current) return;
      socket = undefined;
      timer = setTimeout(connect, backoff(attempt++, Math.random()));
      become('waiting');
    };
  }

  connect();
  return {
    get state() {
      return state;
    },
    send: (request) => socket?.send(JSON.stringify(request)),
    onReply: (listener) => listeners.reply.push(listener),
    onState: (listener) => listeners.state.push(listener),
    retry: () => {
      if (state === 'waiting') connect();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
