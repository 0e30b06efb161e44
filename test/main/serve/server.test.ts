import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import * as net from 'node:net';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { TopicName } from '#shared/contract/topics/index.ts';
import type { Reply } from '#shared/contract/wire/index.ts';
import { MAX_REQUEST_BYTES, startServer, type RunningServer } from '#main/serve/server.ts';

let folder: string;
let server: RunningServer;
let token: string;
let cookie: string;
let handled = 0;
const listeners = new Set<(topic: TopicName, payload: unknown) => void>();

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A raw request: unlike `fetch` it sends any Host, Origin and path that it is told to. */
function get(target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port: server.port, path: target, method, headers, agent: false },
      (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    request.on('error', reject);
    request.end();
  });
}

function socket(headers: Record<string, string>, target = '/wire'): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const connection = new WebSocket(`ws://127.0.0.1:${server.port}${target}`, { headers });
    connection.on('open', () => resolve(connection));
    connection.on('error', reject);
  });
}

const ours = () => ({ cookie, origin: `http://127.0.0.1:${server.port}` });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bitsmith-serve-'));
  writeFileSync(path.join(folder, 'index.html'), '<p>the window</p>');
  server = await startServer({
    staticFolder: folder,
    handle: (request) => {
      handled++;
      return Promise.resolve({ type: 'result', id: (request as { id: number }).id, result: 'done' });
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  token = new URL(server.address).searchParams.get('token') ?? '';
  const { headers } = await get(`/?token=${token}`);
  cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the address', () => {
  it('is of this computer only and carries 256 random bits', () => {
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
    expect(Buffer.from(token, 'base64url').length).toBe(32);
  });

  it('is exchanged for a strict cookie that scripts cannot read, and leaves the address bar', async () => {
    const { status, headers } = await get(`/?token=${token}`);
    expect(status).toBe(303);
    expect(headers.location).toBe('/');
    expect(headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict; Path=\//);
    expect(cookie).not.toContain(token);
    const page = await get('/', { cookie });
    expect(page).toMatchObject({ status: 200, body: '<p>the window</p>' });
  });

  const others = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter((one) => one.family === 'IPv4' && !one.internal);
  it.skipIf(others.length === 0)(
    'cannot be reached through another interface (skipped: there is none)',
    async () => {
      const refused = await new Promise<boolean>((resolve) => {
        const probe = net.connect({ host: others[0]?.address ?? '', port: server.port });
        probe.on('connect', () => (probe.destroy(), resolve(false)));
        probe.on('error', () => resolve(true));
      });
      expect(refused).toBe(true);
    },
  );
});

describe('requests that are refused', () => {
  it.each([
    ['no key at all', '/', {}, 401],
    ['a wrong token', '/?token=AAAA', {}, 401],
    ['an empty token', '/?token=', {}, 401],
    ['a wrong token beside a right cookie', '/?token=AAAA', { cookie: 'ours' }, 401],
    ['a wrong cookie', '/', { cookie: 'bitsmith-session=AAAA' }, 401],
    ['the token where the cookie belongs', '/', { cookie: 'token' }, 401],
    ['a foreign Host (DNS rebinding)', '/', { cookie: 'ours', host: 'evil.example' }, 403],
    ['a Host that only begins like ours', '/', { cookie: 'ours', host: '127.0.0.1.evil.example' }, 403],
    ['a foreign Origin', '/', { cookie: 'ours', origin: 'https://evil.example' }, 403],
    ['the Origin of another port', '/', { cookie: 'ours', origin: 'http://127.0.0.1:1' }, 403],
    ['the Origin null', '/', { cookie: 'ours', origin: 'null' }, 403],
    ['a path escape', '/../../etc/passwd', { cookie: 'ours' }, 404],
    ['an encoded path escape', '/%2e%2e/%2e%2e/etc/passwd', { cookie: 'ours' }, 404],
  ])('%s', async (_name, target, headers, status) => {
    const replaced = Object.fromEntries(
      Object.entries(headers as Record<string, string>).map(([key, value]) => [
        key,
        value === 'ours' ? cookie : value === 'token' ? `bitsmith-session=${token}` : value,
      ]),
    );
    const answer = await get(target, replaced);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('the window');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('anything but reading', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await get('/', { cookie }, method)).status).toBe(405);
    }
  });
});

describe('every answer', () => {
  it.each([
    ['the page', () => get('/', { cookie })],
    ['a refusal', () => get('/')],
    ['the exchange of the token', () => get(`/?token=${token}`)],
  ])('carries the security headers: %s', async (_name, ask) => {
    const { headers } = await ask();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('the wire', () => {
  it('answers calls and carries pushes', async () => {
    const connection = await socket(ours());
    const replies: Reply[] = [];
    const two = new Promise<void>((resolve) =>
      connection.on('message', (data) => {
        replies.push(JSON.parse(String(data)) as Reply);
        if (replies.length === 2) resolve();
      }),
    );
    connection.send(JSON.stringify({ type: 'request', id: 5, method: 'a.b', input: {} }));
    listeners.forEach((listener) => listener('runs-changed', { run: null }));
    await two;
    expect(replies).toContainEqual({ type: 'result', id: 5, result: 'done' });
    expect(replies).toContainEqual({ type: 'push', topic: 'runs-changed', payload: { run: null } });
    connection.close();
  });

  it.each([
    ['without a cookie', () => ({ origin: ours().origin })],
    ['with a wrong cookie', () => ({ ...ours(), cookie: 'bitsmith-session=AAAA' })],
    ['without an Origin', () => ({ cookie })],
    ['with a foreign Origin', () => ({ cookie, origin: 'https://evil.example' })],
    ['with a foreign Host', () => ({ ...ours(), host: 'evil.example' })],
  ])('refuses a connection %s', async (_name, headers) => {
    await expect(socket(headers())).rejects.toThrow('403');
  });

  it('refuses another path', async () => {
    await expect(socket(ours(), '/other')).rejects.toThrow('403');
  });

  it.each([
    ['text that is not JSON', 'not json', 1007],
    ['bytes', Buffer.from([1, 2, 3]), 1003],
    ['a frame beyond the limit', 'x'.repeat(MAX_REQUEST_BYTES + 1), 1009],
  ])('closes on %s, and calls nothing', async (_name, message, code) => {
    const before = handled;
    const connection = await socket(ours());
    connection.on('error', () => undefined);
    const closed = new Promise<number>((resolve) => connection.on('close', resolve));
    connection.send(message);
    expect(await closed).toBe(code);
    expect(handled).toBe(before);
  });

  it('closes open connections when the server ends, and frees the port', async () => {
    const other = await startServer({
      staticFolder: folder,
      handle: () => Promise.reject(new Error('not asked')),
      subscribe: () => () => undefined,
    });
    const secret = new URL(other.address).searchParams.get('token') ?? '';
    const exchange = await fetch(`http://127.0.0.1:${other.port}/?token=${secret}`, { redirect: 'manual' });
    const connection = new WebSocket(`ws://127.0.0.1:${other.port}/wire`, {
      headers: {
        origin: `http://127.0.0.1:${other.port}`,
        cookie: exchange.headers.getSetCookie()[0]?.split(';')[0] ?? '',
      },
    });
    await new Promise((resolve) => connection.on('open', resolve));
    const closed = new Promise<number>((resolve) => connection.on('close', resolve));
    await other.close();
    expect(await closed).toBe(1001);
    await expect(fetch(`http://127.0.0.1:${other.port}/`)).rejects.toThrow();
  });

  it('says which port is taken', async () => {
    const options = {
      staticFolder: folder,
      handle: () => Promise.reject(new Error()),
      subscribe: () => () => undefined,
    };
    await expect(startServer({ ...options, port: server.port })).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(String(server.port)) as string,
    });
  });
});
