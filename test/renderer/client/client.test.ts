import { describe, expect, it } from 'vitest';
import type { Reply, Request } from '#shared/contract/wire/index.ts';
import { createClient } from '#renderer/client/client.ts';
import type { ConnectionState, Transport } from '#renderer/client/transport.ts';

function fakeTransport(state: ConnectionState = 'open') {
  const sent: Request[] = [];
  let reply: (reply: Reply) => void = () => undefined;
  let change: (state: ConnectionState) => void = () => undefined;
  const transport: Transport & { state: ConnectionState } = {
    state,
    send: (request) => void sent.push(request),
    onReply: (listener) => void (reply = listener),
    onState: (listener) => void (change = listener),
    retry: () => undefined,
    close: () => undefined,
  };
  const become = (next: ConnectionState) => {
    transport.state = next;
    change(next);
  };
  return { transport, sent, reply: (message: Reply) => reply(message), become };
}

describe('the client', () => {
  it('sends a call by its name in the contract and resolves with the result', async () => {
    const { transport, sent, reply } = fakeTransport();
    const { call } = createClient(transport);
    const answer = call.run.get({ run: 'r1' });
    expect(sent[0]).toMatchObject({ type: 'request', method: 'run.get', input: { run: 'r1' } });
    reply({ type: 'result', id: sent[0]?.id ?? -1, result: 'the run' });
    expect(await answer).toBe('the run');
  });

  it('matches answers that come in another order', async () => {
    const { transport, sent, reply } = fakeTransport();
    const { call } = createClient(transport);
    const [first, second] = [call.run.list({}), call.device.list({})];
    reply({ type: 'result', id: sent[1]?.id ?? -1, result: 'second' });
    reply({ type: 'result', id: sent[0]?.id ?? -1, result: 'first' });
    expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  });

  it('rejects with the host’s own code, message and details', async () => {
    const { transport, sent, reply } = fakeTransport();
    const answer = createClient(transport).call.run.list({});
    const error = { code: 'conflict' as const, message: 'it is running', details: { run: 'r1' } };
    reply({ type: 'error', id: sent[0]?.id ?? -1, error });
    await expect(answer).rejects.toMatchObject({ name: 'BitsmithError', ...error });
  });

  it('holds calls back until the connection is made', async () => {
    const { transport, sent, reply, become } = fakeTransport('connecting');
    const answer = createClient(transport).call.app.info({});
    expect(sent).toEqual([]);
    become('open');
    expect(sent.map((request) => request.method)).toEqual(['app.info']);
    reply({ type: 'result', id: sent[0]?.id ?? -1, result: 1 });
    expect(await answer).toBe(1);
  });

  it('rejects what was not answered when the connection breaks, and never sends it twice', async () => {
    const { transport, sent, become } = fakeTransport();
    const { call } = createClient(transport);
    const answer = call.run.start({ config: {} });
    become('waiting');
    await expect(answer).rejects.toMatchObject({ code: 'io', details: { method: 'run.start' } });
    become('connecting');
    become('open');
    expect(sent).toHaveLength(1);
  });

  it('rejects at once while there is no connection', async () => {
    const { transport, sent } = fakeTransport('waiting');
    await expect(createClient(transport).call.run.list({})).rejects.toMatchObject({ code: 'io' });
    expect(sent).toEqual([]);
  });

  it('tells a topic’s listeners, and only while they listen', () => {
    const { transport, reply } = fakeTransport();
    const client = createClient(transport);
    const heard: unknown[] = [];
    const stop = client.subscribe('runs-changed', (payload) => heard.push(payload.run));
    reply({ type: 'push', topic: 'runs-changed', payload: { run: 'a' } });
    reply({ type: 'push', topic: 'datasets-changed', payload: { name: 'b' } });
    stop();
    reply({ type: 'push', topic: 'runs-changed', payload: { run: 'c' } });
    expect(heard).toEqual(['a']);
  });

  it('passes over an answer that nobody waits for', () => {
    const { transport, reply } = fakeTransport();
    createClient(transport);
    expect(() => reply({ type: 'result', id: 999, result: null })).not.toThrow();
  });
});
