import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadFile, type DownloadRequest } from '#main/services/dataset/download/http.ts';
import { serveFiles, type FileServer, type ServedFile } from '#test/support/dataset-server.ts';
import { noise, quietWork, temporaryDirectory } from '#test/support/datasets.ts';

const content = noise(300_000, 7);
const sha256 = createHash('sha256').update(content).digest('hex');
const quick = { connect: 2_000, silence: 2_000, pause: 1 };

let folder: string;
let server: FileServer | undefined;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  fs.rmSync(folder, { recursive: true, force: true });
});

async function serve(file: Partial<ServedFile> = {}): Promise<ServedFile> {
  const served: ServedFile = { bytes: content, etag: '"v1"', ...file };
  server = await serveFiles({ 'a.bin': served });
  return served;
}

function request(change: Partial<DownloadRequest> = {}): DownloadRequest {
  return {
    url: `${server!.base}a.bin`,
    file: path.join(folder, 'a.bin'),
    bytes: content.length,
    checksum: { algorithm: 'sha256', encoding: 'hex', digest: sha256 },
    title: 'a.bin',
    ...change,
  };
}

const whole = () => Buffer.compare(fs.readFileSync(path.join(folder, 'a.bin')), content) === 0;
const part = () => path.join(folder, 'a.bin.part');

describe('a download', () => {
  it('brings the file, reports and leaves nothing beside it', async () => {
    await serve();
    const work = quietWork();
    await downloadFile(request(), work, quick);
    expect(whole()).toBe(true);
    expect(fs.readdirSync(folder)).toEqual(['a.bin']);
    expect(work.reports.length).toBeGreaterThan(0);
    expect(work.reports.every(({ progress }) => progress !== null && progress > 0 && progress <= 1)).toBe(
      true,
    );
  });

  it('does not ask again for a file that is here and whole', async () => {
    await serve();
    await downloadFile(request(), quietWork(), quick);
    await downloadFile(request(), quietWork(), quick);
    expect(server!.requests).toHaveLength(1);
  });

  it('goes on after broken connections from the byte where they broke', async () => {
    await serve({ breakAfter: [100_000, 50_000] });
    await downloadFile(request(), quietWork(), quick);
    expect(whole()).toBe(true);
    expect(server!.requests).toHaveLength(3);
    const starts = server!.requests
      .slice(1)
      .map(({ range }) => Number(/bytes=(\d+)-/.exec(range ?? '')?.[1]));
    expect(starts[0]).toBeGreaterThan(0);
    expect(starts[1]).toBeGreaterThan(starts[0]!);
    expect(server!.requests[1]!.ifRange).toBe('"v1"');
  });

  it('gives up on a server that breaks without a new byte, and keeps the part', async () => {
    await serve({ breakAfter: [100_000, ...new Array<number>(20).fill(0)] });
    await expect(downloadFile(request(), quietWork(), quick)).rejects.toMatchObject({
      code: 'io',
      message: 'a.bin: the connection broke',
    });
    expect(fs.statSync(part()).size).toBeGreaterThan(0);
    expect(server!.requests.length).toBeLessThan(10);
  });

  it('takes up the part of an earlier try', async () => {
    await serve();
    fs.writeFileSync(part(), content.subarray(0, 123_456));
    fs.writeFileSync(`${part()}.json`, JSON.stringify({ validator: '"v1"' }));
    await downloadFile(request(), quietWork(), quick);
    expect(whole()).toBe(true);
    expect(server!.requests).toEqual([{ path: 'a.bin', range: 'bytes=123456-', ifRange: '"v1"' }]);
  });

  it('starts afresh when the file has changed meanwhile', async () => {
    await serve({ etag: '"v2"' });
    fs.writeFileSync(part(), noise(5000, 99));
    fs.writeFileSync(`${part()}.json`, JSON.stringify({ validator: '"v1"' }));
    await downloadFile(request(), quietWork(), quick);
    expect(whole()).toBe(true);
    expect(server!.requests).toHaveLength(1);
  });

  it('starts afresh when a part turns out to be of something else', async () => {
    await serve({ etag: undefined });
    fs.writeFileSync(part(), noise(5000, 99));
    await downloadFile(request(), quietWork(), quick);
    expect(whole()).toBe(true);
    expect(server!.requests.map(({ range }) => range)).toEqual(['bytes=5000-', undefined]);
  });

  it('copes with a server without ranges', async () => {
    await serve({ noRanges: true, breakAfter: [100_000] });
    await downloadFile(request(), quietWork(), quick);
    expect(whole()).toBe(true);
  });

  it('finishes a part that was whole already', async () => {
    await serve();
    fs.writeFileSync(part(), content);
    await downloadFile(request(), quietWork(), quick);
    expect(whole()).toBe(true);
  });

  it('refuses a wrong checksum and throws the file away', async () => {
    await serve({ bytes: noise(300_000, 8) });
    await expect(downloadFile(request(), quietWork(), quick)).rejects.toMatchObject({
      code: 'corrupt',
      message: `a.bin is not the known file: expected sha256 ${sha256}`,
    });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['longer', 900_000, false, '900000 bytes'],
    ['longer, length untold', 900_000, true, 'more'],
    ['shorter', 500, false, '500 bytes'],
    ['shorter, length untold', 500, true, '500 bytes'],
  ])(
    'refuses a file of another length (%s), as an error page may be',
    async (_what, length, chunked, found) => {
      await serve({ bytes: noise(length, 8), chunked });
      await expect(downloadFile(request(), quietWork(), quick)).rejects.toMatchObject({
        code: 'corrupt',
        message: `a.bin is not the known file of 300000 bytes; the server has ${found}`,
      });
      expect(server!.requests).toHaveLength(1);
      expect(fs.existsSync(part())).toBe(false);
    },
  );

  it('can be cancelled, and goes on later', async () => {
    await serve({ stallAfter: 150_000 });
    const controller = new AbortController();
    const work = quietWork(controller.signal);
    const running = downloadFile(request(), { ...work, report: () => controller.abort() }, quick);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    const kept = fs.statSync(part()).size;
    expect(kept).toBeGreaterThan(0);
    await server!.close();
    await serve();
    await downloadFile(request(), quietWork(), quick);
    expect(whole()).toBe(true);
    expect(server!.requests[0]!.range).toBe(`bytes=${kept}-`);
  });

  it('does not wait for ever on a silent server', async () => {
    await serve({ stallAfter: 1000 });
    const times = { connect: 2_000, silence: 30, pause: 1 };
    await expect(downloadFile(request(), quietWork(), times)).rejects.toMatchObject({
      code: 'io',
      message: 'a.bin: the connection broke',
    });
  });

  it('goes away at once from a server that takes the request and says nothing', async () => {
    await serve({ mute: true });
    const times = { connect: 30, silence: 2_000, pause: 1 };
    await expect(downloadFile(request(), quietWork(), times)).rejects.toMatchObject({
      code: 'io',
      message: 'a.bin: it does not answer',
    });
    expect(server!.requests.length).toBeLessThan(2);
  });

  it.each([404, 503])('says what the server answers (%i)', async (status) => {
    await serve({ status });
    await expect(downloadFile(request(), quietWork(), quick)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(`a.bin: the server answers ${status}`),
    });
    expect(server!.requests).toHaveLength(1);
  });

  it('says that nobody listens, or that there is no such host', async () => {
    await serve();
    const { base } = server!;
    await server!.close();
    await expect(downloadFile(request({ url: `${base}a.bin` }), quietWork(), quick)).rejects.toMatchObject({
      code: 'io',
      message: 'a.bin: it refuses connections',
    });
    await expect(
      downloadFile(request({ url: 'http://no-such-host.invalid/a.bin' }), quietWork(), quick),
    ).rejects.toMatchObject({ code: 'io', message: expect.stringMatching(/host name cannot be resolved/) });
  });

  it('works without a known size or checksum', async () => {
    await serve();
    await downloadFile(request({ bytes: undefined, checksum: null }), quietWork(), quick);
    expect(whole()).toBe(true);
  });
});
