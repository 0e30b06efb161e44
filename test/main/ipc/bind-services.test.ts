import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BitsmithError } from '#shared/base/errors.ts';
import { call } from '#shared/contract/api.ts';
import { contract } from '#shared/contract/index.ts';
import { ReplySchema } from '#shared/contract/wire/index.ts';
import { bindServices } from '#main/ipc/bind-services.ts';
import { createFakeHost } from '#test/support/fake-host.ts';

const small = {
  sum: {
    add: call(
      z.strictObject({ a: z.number(), b: z.number().default(1) }),
      z.strictObject({ sum: z.number() }),
    ),
    fail: call(z.strictObject({}), z.strictObject({})),
    any: call(z.strictObject({}), z.unknown()),
  },
};
const services = (over: Record<string, unknown> = {}) => ({
  sum: {
    add: ({ a, b }: { a: number; b: number }) => ({ sum: a + b }),
    fail: () => {
      throw new BitsmithError('conflict', 'it is taken', { by: 'somebody' });
    },
    any: () => null,
    ...over,
  },
});
const request = (method: string, input: unknown, id = 7) => ({ type: 'request', id, method, input });

describe('bindServices', () => {
  it('answers a call with the id of its request and fills in defaults', async () => {
    const handle = bindServices(small, services());
    expect(await handle(request('sum.add', { a: 2 }, 41))).toEqual({
      type: 'result',
      id: 41,
      result: { sum: 3 },
    });
  });

  it('refuses an argument that breaks the schema, naming the field, without calling', async () => {
    let called = false;
    const handle = bindServices(small, services({ add: () => (called = true) }));
    const reply = await handle(request('sum.add', { a: 'two' }));
    expect(reply).toMatchObject({ type: 'error', id: 7, error: { code: 'invalid-input' } });
    expect(JSON.stringify(reply)).toContain('\\"a\\"');
    expect(called).toBe(false);
  });

  it('refuses unknown fields, unknown calls and inherited names', async () => {
    const handle = bindServices(small, services());
    expect(await handle(request('sum.add', { a: 1, c: 2 }))).toMatchObject({
      error: { code: 'invalid-input' },
    });
    for (const method of ['sum.multiply', 'sum', 'sum.constructor', '__proto__.toString', 'sum.add.add']) {
      expect(await handle(request(method, {}))).toMatchObject({
        type: 'error',
        id: 7,
        error: { code: 'not-found' },
      });
    }
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'run.list'],
    ['a frame of another type', { type: 'reply', id: 1, method: 'sum.add', input: {} }],
    ['a frame without method', { type: 'request', id: 1, input: {} }],
    ['a negative id', { type: 'request', id: -4, method: 'sum.add', input: { a: 1 } }],
    ['a frame with more fields', { ...request('sum.add', { a: 1 }), extra: true }],
    ['a method name beyond all measure', request('x'.repeat(5000), {})],
  ])('answers %s with an error, never with silence', async (_name, frame) => {
    const reply = await bindServices(small, services())(frame);
    expect(reply).toMatchObject({ type: 'error', error: { code: 'invalid-input' } });
    expect(ReplySchema.safeParse(reply).success).toBe(true);
  });

  it('hands the code, message and details of a failure on', async () => {
    const reply = await bindServices(small, services())(request('sum.fail', {}));
    expect(reply).toEqual({
      type: 'error',
      id: 7,
      error: { code: 'conflict', message: 'it is taken', details: { by: 'somebody' } },
    });
  });

  it('answers an error of code internal when a result breaks its own schema', async () => {
    const handle = bindServices(small, services({ add: () => ({ sum: 'five' }) }));
    const reply = await handle(request('sum.add', { a: 1 }));
    expect(reply).toMatchObject({ type: 'error', error: { code: 'internal' } });
    expect(JSON.stringify(reply)).toContain('sum.add');
  });

  it.each([
    ['a cycle', (): unknown => ((value: Record<string, unknown>) => (value.self = value))({})],
    ['a bigint', (): unknown => ({ large: 1n })],
  ])('still answers when a result with %s cannot be encoded', async (_name, make) => {
    const reply = await bindServices(small, services({ any: make }))(request('sum.any', {}));
    expect(reply).toMatchObject({ type: 'error', error: { code: 'internal' } });
    expect(() => JSON.stringify(reply)).not.toThrow();
  });

  it('still answers when the details of a failure cannot be encoded', async () => {
    const details: Record<string, unknown> = {};
    details.self = details;
    const fail = () => {
      throw new BitsmithError('io', 'the disk is full', details);
    };
    expect(await bindServices(small, services({ fail }))(request('sum.fail', {}))).toEqual({
      type: 'error',
      id: 7,
      error: { code: 'io', message: 'the disk is full' },
    });
  });

  it('refuses to start with a call that nobody implements', () => {
    expect(() => bindServices(small, services({ add: undefined }))).toThrow(
      '"sum.add" has no implementation',
    );
  });

  it('refuses to start with two calls of one name', () => {
    const twice = { 'a.b': { c: small.sum.any }, a: { 'b.c': small.sum.any } };
    const both = { 'a.b': { c: () => null }, a: { 'b.c': () => null } };
    expect(() => bindServices(twice, both)).toThrow('declared twice');
  });

  it('binds the whole contract: every result of the fake host fits its schema', async () => {
    const host = createFakeHost({ runs: 8 });
    const handle = bindServices(contract, host.services);
    const run = host.runs[1]?.summary.id;
    const calls: [string, unknown][] = [
      ['app.info', {}],
      ['catalogue.methods', {}],
      ['catalogue.models', {}],
      ['dataset.catalogue', {}],
      ['dataset.list', {}],
      ['device.list', {}],
      ['export.targets', {}],
      ['export.list', {}],
      ['run.list', {}],
      ['run.get', { run }],
      ['run.series', { run }],
      ['run.histograms', { run }],
      ['run.events', { run }],
      ['run.compare', { runs: host.runs.slice(0, 3).map((one) => one.summary.id) }],
      ['run.demoConfig', {}],
      ['task.list', {}],
    ];
    for (const [method, input] of calls) {
      expect(await handle(request(method, input)), method).toMatchObject({ type: 'result' });
    }
    await host.dispose();
  });
});
