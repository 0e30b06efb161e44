import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  base: string;
  /** What was asked for, in order: path, range and if-range. */
  requests: { path: string; range: string | undefined; ifRange: string | undefined }[];
  close(): Promise<void>;
}

export interface ServedFile {
  bytes: Uint8Array;
  etag?: string;
  /** Breaks each of the first connections after so many bytes of the answer. */
  breakAfter?: number[];
  /** Answers whole files only. */
  noRanges?: boolean;
  status?: number;
  headers?: Record<string, string>;
  /** Sends the file up to this byte and then nothing any more. */
  stallAfter?: number;
  /** Does not say how long the answer is. */
  chunked?: boolean;
  /** Takes the request and never says a word. */
  mute?: boolean;
}

/** A web server on the loopback interface that serves files, with ranges, and misbehaves on request. */
export async function serveFiles(files: Record<string, ServedFile>): Promise<FileServer> {
  const requests: FileServer['requests'] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    requests.push({
      path,
      range: request.headers.range,
      ifRange: request.headers['if-range'] as string | undefined,
    });
    const file = files[path];
    if (file?.mute) return;
    if (file) answer(file, request, response);
    else response.writeHead(404, 'Not Found').end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(file: ServedFile, request: IncomingMessage, response: ServerResponse): void {
  if (file.status) {
    response.writeHead(file.status).end();
    return;
  }
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const ifRange = request.headers['if-range'];
  const start =
    range && !file.noRanges && (ifRange === undefined || ifRange === file.etag) ? Number(range[1]) : 0;
  const etag = file.etag ? { etag: file.etag } : {};
  if (start > 0 && start >= file.bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${file.bytes.length}` }).end();
    return;
  }
  const rest = file.bytes.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, {
    ...etag,
    ...file.headers,
    ...(file.chunked ? {} : { 'content-length': rest.length }),
    ...(start > 0 ? { 'content-range': `bytes ${start}-${file.bytes.length - 1}/${file.bytes.length}` } : {}),
  });
  const cut = file.breakAfter?.shift();
  if (cut !== undefined) response.write(rest.subarray(0, cut), () => response.destroy());
  else if (file.stallAfter !== undefined)
    stall(response, rest.subarray(0, Math.max(0, file.stallAfter - start)));
  else response.end(rest);
}

function stall(response: ServerResponse, bytes: Uint8Array): void {
  if (bytes.length > 0) response.write(bytes);
  else response.flushHeaders();
}
