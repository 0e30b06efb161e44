import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { BitsmithError } from '#shared/base/errors.ts';
import type { TopicName } from '#shared/contract/topics/index.ts';
import type { Handle } from '../ipc/bind-services.ts';
import { encodePush } from '../ipc/push.ts';
import { cookieOf, refusalOf, sameSecret, SECURITY_HEADERS } from './security.ts';
import { findStaticFile } from './static-files.ts';

export interface ServeOptions {
  handle: Handle;
  subscribe: (listener: (topic: TopicName, payload: unknown) => void) => () => void;
  /** Folder of the built window, with its index.html. */
  staticFolder: string;
  /** 0 or absent: any free port. */
  port?: number;
}

export interface RunningServer {
  /** With the token: whoever has this address has the app. */
  address: string;
  port: number;
  close(): Promise<void>;
}

/** Largest message that a window may send: a configuration with its model, with room to spare. */
export const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
/** A window that reads so slowly that this much waits for it is cut off; it reconnects and asks again. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;
const COOKIE = 'bitsmith-session';

/**
 * Serves the window to browsers of this computer: listens on the loopback interface only, and every request must bring
 * the token of the printed address or the cookie that it was exchanged for.
 *
 * @throws BitsmithError `io` when the port is taken
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const token = randomBytes(32).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  const http = createServer((request, response) => {
    answer(request, response, { ...options, token, session }).catch(() =>
      refuse(response, 500, 'internal error'),
    );
  });
  http.headersTimeout = 10_000;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_REQUEST_BYTES,
    perMessageDeflate: false,
    // One message in each turn of the event loop: ten charts that ask at once must not hold up what else waits.
    allowSynchronousEvents: false,
  });
  http.on('upgrade', (request, socket, head) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const reason = refusalOf(request);
    // A browser always sends an Origin with a WebSocket; whoever leaves it out is not our window.
    const allowed =
      !reason && request.headers.origin !== undefined && path === '/wire' && isIn(request, session);
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => talk(connection, options.handle));
  });
  const unsubscribe = options.subscribe((topic, payload) => {
    if (sockets.clients.size === 0) return;
    const text = JSON.stringify(encodePush(topic, payload));
    for (const connection of sockets.clients) send(connection, text);
  });
  const port = await listen(http, options.port ?? 0);
  return {
    address: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    close: async () => {
      unsubscribe();
      for (const connection of sockets.clients) connection.close(1001, 'Bitsmith is shutting down');
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      sockets.close();
      for (const connection of sockets.clients) setTimeout(() => connection.terminate(), 500).unref();
      http.closeAllConnections();
      await closed;
    },
  };
}

interface Answering extends ServeOptions {
  token: string;
  session: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, options: Answering): Promise<void> {
  const reason = refusalOf(request);
  if (reason) return refuse(response, 403, reason);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'only GET is answered here');
  const url = new URL(request.url ?? '/', 'http://localhost');
  const token = url.searchParams.get('token');
  if (token !== null) {
    if (!sameSecret(token, options.token)) {
      return refuse(response, 401, 'this token is not the one of the running server');
    }
    const cookie = `${COOKIE}=${options.session}; HttpOnly; SameSite=Strict; Path=/`;
    response.writeHead(303, {
      ...SECURITY_HEADERS,
      'cache-control': 'no-store',
      'set-cookie': cookie,
      location: '/',
    });
    response.end();
    return;
  }
  if (!isIn(request, options.session)) {
    return refuse(
      response,
      401,
      'open the address that `bitsmith serve` printed: it carries the key to this page',
    );
  }
  // The raw path: `new URL` has already folded `..` away, and a path escape shall be refused, not repaired.
  const file = await findStaticFile(options.staticFolder, (request.url ?? '/').split(/[?#]/)[0] ?? '/');
  if (!file) return refuse(response, 404, 'there is no such file');
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': file.type,
    'content-length': file.content.length,
    'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : file.content);
}

function isIn(request: IncomingMessage, session: string): boolean {
  return sameSecret(cookieOf(request, COOKIE), session);
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(`${reason}\n`);
}

function talk(connection: WebSocket, handle: Handle): void {
  connection.on('error', () => connection.terminate());
  connection.on('message', (data, isBinary) => {
    if (isBinary) {
      connection.close(1003, 'text messages only');
      return;
    }
    let request: unknown;
    try {
      request = JSON.parse(String(data));
    } catch {
      connection.close(1007, 'this is not JSON');
      return;
    }
    void handle(request).then((reply) => send(connection, JSON.stringify(reply)));
  });
}

function send(connection: WebSocket, text: string): void {
  if (connection.readyState !== connection.OPEN) return;
  if (connection.bufferedAmount > MAX_WAITING_BYTES) {
    connection.terminate();
    return;
  }
  connection.send(text);
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const reason = taken ? 'another program uses it' : error.message;
      reject(
        new BitsmithError('io', `cannot listen on 127.0.0.1:${port}: ${reason}`, { port }, { cause: error }),
      );
    });
    http.listen(port, '127.0.0.1', () => resolve((http.address() as AddressInfo).port));
  });
}
