import type { Reply, Request } from '#shared/contract/wire/index.ts';

/** `waiting`: there is no connection now, and another attempt will follow by itself. */
export type ConnectionState = 'connecting' | 'open' | 'waiting';

/** One way of reaching the host. Carries frames; knows nothing of calls. */
export interface Transport {
  readonly state: ConnectionState;
  send(request: Request): void;
  onReply(listener: (reply: Reply) => void): void;
  onState(listener: (state: ConnectionState) => void): void;
  /** Tries again now instead of at the next planned moment. */
  retry(): void;
  close(): void;
}
