import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoff } from '#renderer/client/backoff.ts';
import { socketTransport, type Socket } from '#renderer/client/socket-transport.ts';

class FakeSocket implements Socket {
  onopen: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  sent: string[] = [];
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.onclose?.(undefined as never);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const sockets: FakeSocket[] = [];
  const transport = socketTransport(() => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket;
  });
  const states: string[] = [];
  transport.onState((state) => states.push(state));
  return { sockets, transport, states, last: () => sockets.at(-1) as FakeSocket };
}

describe('the socket transport', () => {
  it('comes back by itself, waiting longer after each failure', () => {
    const { sockets, states, last } = start();
    last().onopen?.(undefined as never);
    for (let attempt = 0; attempt < 4; attempt++) {
      last().close();
      vi.advanceTimersByTime(backoff(attempt, 0) - 1);
      expect(sockets).toHaveLength(attempt + 1);
      vi.advanceTimersByTime(backoff(attempt, 1) - backoff(attempt, 0) + 1);
      expect(sockets).toHaveLength(attempt + 2);
    }
    expect(states.slice(0, 3)).toEqual(['open', 'waiting', 'connecting']);
  });

  it('starts with short waits again once it was open', () => {
    const { sockets, last } = start();
    for (let i = 0; i < 5; i++) {
      last().close();
      vi.advanceTimersByTime(20_000);
    }
    last().onopen?.(undefined as never);
    const before = sockets.length;
    last().close();
    vi.advanceTimersByTime(backoff(0, 1));
    expect(sockets).toHaveLength(before + 1);
  });

  it('tries at once when a person asks, and only once', () => {
    const { sockets, transport, last } = start();
    last().close();
    transport.retry();
    transport.retry();
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(20_000);
    expect(sockets).toHaveLength(2);
  });

  it('does not come back after it was closed', () => {
    const { sockets, transport } = start();
    transport.close();
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
  });
});

describe('backoff', () => {
  it('doubles from a quarter second and stays below eleven seconds', () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 0.5))).toEqual([250, 500, 1000, 2000]);
    expect(backoff(1000, 1)).toBeLessThanOrEqual(11_000);
  });
});
