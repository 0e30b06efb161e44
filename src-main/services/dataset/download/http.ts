import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BitsmithError } from '#shared/base/errors.ts';
import { fileError, guardFiles } from '#main/platform/files.ts';
import { checkCancelled, type WorkHandle } from '../work.ts';
import { digestFile, type Checksum } from './checksum.ts';
import { isBrokenConnection, networkReason } from './network-reason.ts';
import { partFile, type PartFile } from './part-file.ts';

export interface DownloadRequest {
  url: string;
  /** Where the whole file goes; `<file>.part` grows beside it and is kept for the next try. */
  file: string;
  /** Size, when it is known. */
  bytes?: number;
  checksum: Checksum | null;
  /** How the file is called in messages. */
  title: string;
}

export interface DownloadTimes {
  /** Until the answer's head is there, ms. */
  connect: number;
  /** Without a byte, ms. */
  silence: number;
  /** Before the first retry of a broken connection, ms; doubled each time. */
  pause: number;
}

const TIMES: DownloadTimes = { connect: 8_000, silence: 30_000, pause: 500 };
/** Breaks in a row without a single new byte. */
const PATIENCE = 4;

/**
 * Downloads a file, going on where an earlier try stopped, and checks it. A broken connection is taken up again as long
 * as bytes keep coming.
 *
 * @throws BitsmithError `io` (no connection, HTTP status, full disk), `corrupt` (wrong checksum: the part is thrown
 *   away), `cancelled` (the part is kept)
 */
export async function downloadFile(
  request: DownloadRequest,
  work: WorkHandle,
  times: DownloadTimes = TIMES,
): Promise<void> {
  const { file, title, checksum } = request;
  guardFiles(`cannot create ${path.dirname(file)}`, () =>
    fs.mkdirSync(path.dirname(file), { recursive: true }),
  );
  if (fs.existsSync(file)) {
    if (await matches(file, checksum, work.signal)) return;
    guardFiles(`cannot remove ${file}`, () => fs.rmSync(file));
  }
  const part = partFile(file);
  const resumed = part.length() > 0;
  await fetchWhole(request, part, work, times);
  if (!(await matches(part.path, checksum, work.signal))) {
    part.discard();
    // An old part of a file that has changed meanwhile: worth one try from the start.
    if (resumed) return downloadFile(request, work, times);
    const expected = `${checksum?.algorithm} ${checksum?.digest}`;
    throw new BitsmithError('corrupt', `${title} is not the known file: expected ${expected}`, {
      file: title,
    });
  }
  part.complete();
}

async function fetchWhole(
  request: DownloadRequest,
  part: PartFile,
  work: WorkHandle,
  times: DownloadTimes,
): Promise<void> {
  let breaks = 0;
  for (;;) {
    const before = part.length();
    try {
      await fetchOnce(request, part, work, times);
      return;
    } catch (error) {
      checkCancelled(work.signal);
      if (error instanceof BitsmithError) throw error;
      breaks = part.length() > before ? 1 : breaks + 1;
      if (!isBrokenConnection(error) || breaks > PATIENCE) {
        throw new BitsmithError('io', `${request.title}: ${networkReason(error)}`, {}, { cause: error });
      }
      work.report(null, `${request.title}: the connection broke, going on`);
      await delay(times.pause * 2 ** (breaks - 1), undefined, { signal: work.signal }).catch(() => undefined);
      checkCancelled(work.signal);
    }
  }
}

async function fetchOnce(
  request: DownloadRequest,
  part: PartFile,
  work: WorkHandle,
  times: DownloadTimes,
): Promise<void> {
  const watch = silenceWatch(work.signal, times.connect);
  let answered = false;
  try {
    const start = part.length();
    const response = await fetch(request.url, { headers: requestHeaders(start, part), signal: watch.signal });
    answered = true;
    watch.reset(times.silence);
    if (response.status === 416) {
      // Nothing comes after what we have: it is whole, or it is of another file.
      await response.body?.cancel();
      if (start === request.bytes) return;
      part.discard();
      throw connectionBroke();
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new BitsmithError(
        'io',
        `${request.title}: the server answers ${response.status} ${response.statusText}`.trim(),
      );
    }
    const encoding = response.headers.get('content-encoding');
    if (encoding && encoding !== 'identity') {
      await response.body.cancel();
      throw new BitsmithError('io', `${request.title}: the server sends it re-encoded (${encoding})`);
    }
    const at = response.status === 206 ? rangeStart(response) : 0;
    if (at !== start) {
      if (at !== 0) {
        part.discard();
        throw connectionBroke();
      }
      part.discard();
    }
    const header = response.headers.get('content-length');
    const total = header === null ? (request.bytes ?? null) : at + Number(header);
    if (request.bytes !== undefined && total !== request.bytes) {
      await response.body.cancel();
      part.discard();
      throw otherLength(request, `${total} bytes`);
    }
    part.begin(response.headers.get('etag') ?? response.headers.get('last-modified'));
    await receive(response.body, request, part, { total, work, watch, silence: times.silence });
  } catch (error) {
    if (watch.timedOut() && !answered) {
      throw new BitsmithError('io', `${request.title}: it does not answer`, {}, { cause: error });
    }
    if (watch.timedOut()) throw connectionBroke(error);
    throw error;
  } finally {
    watch.stop();
  }
}

function requestHeaders(start: number, part: PartFile): Record<string, string> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'bitsmith' };
  if (start === 0) return headers;
  headers.range = `bytes=${start}-`;
  const validator = part.validator();
  // A weak validator may not be used here.
  if (validator && !validator.startsWith('W/')) headers['if-range'] = validator;
  return headers;
}

function rangeStart(response: Response): number {
  const match = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  return match ? Number(match[1]) : 0;
}

async function receive(
  body: ReadableStream<Uint8Array>,
  request: DownloadRequest,
  part: PartFile,
  {
    total,
    work,
    watch,
    silence,
  }: { total: number | null; work: WorkHandle; watch: SilenceWatch; silence: number },
): Promise<void> {
  const writer = part.append();
  let reported = 0;
  try {
    for await (const chunk of body) {
      watch.reset(silence);
      writer.write(chunk);
      if (request.bytes !== undefined && writer.length() > request.bytes) {
        throw otherLength(request, 'more');
      }
      const now = performance.now();
      if (now - reported > 100) {
        reported = now;
        work.report(
          total ? writer.length() / total : null,
          progressLine(request.title, writer.length(), total),
        );
      }
    }
  } catch (error) {
    if (error instanceof BitsmithError && error.code === 'corrupt') {
      writer.close();
      part.discard();
    }
    throw fileError(error, `cannot write ${part.path}`);
  } finally {
    writer.close();
  }
  if (request.bytes !== undefined && part.length() < request.bytes) {
    const found = `${part.length()} bytes`;
    part.discard();
    throw otherLength(request, found);
  }
}

function otherLength({ title, bytes }: DownloadRequest, found: string): BitsmithError {
  return new BitsmithError(
    'corrupt',
    `${title} is not the known file of ${bytes} bytes; the server has ${found}`,
    {
      file: title,
    },
  );
}

function progressLine(title: string, done: number, total: number | null): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return total === null
    ? `${title}: ${megabytes(done)} MB`
    : `${title}: ${megabytes(done)} of ${megabytes(total)} MB`;
}

async function matches(file: string, checksum: Checksum | null, signal: AbortSignal): Promise<boolean> {
  if (!checksum) return true;
  try {
    return (await digestFile(file, checksum, signal)) === checksum.digest;
  } catch (error) {
    checkCancelled(signal);
    throw fileError(error, `cannot read ${file}`);
  }
}

function connectionBroke(cause?: unknown): Error {
  return Object.assign(new Error('terminated', { cause }), { code: 'ECONNRESET' });
}

interface SilenceWatch {
  signal: AbortSignal;
  reset(ms: number): void;
  timedOut(): boolean;
  stop(): void;
}

/** Aborts when `outer` does, or when nothing has happened for the given time. */
function silenceWatch(outer: AbortSignal, ms: number): SilenceWatch {
  const controller = new AbortController();
  let timedOut = false;
  const expire = () => {
    timedOut = true;
    controller.abort();
  };
  let timer = setTimeout(expire, ms);
  const forward = () => controller.abort();
  if (outer.aborted) forward();
  outer.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    reset(next) {
      clearTimeout(timer);
      timer = setTimeout(expire, next);
    },
    timedOut: () => timedOut,
    stop() {
      clearTimeout(timer);
      outer.removeEventListener('abort', forward);
    },
  };
}
