import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost } from '#main/host.ts';
import { bitsmith } from '#test/support/command-line.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

/** Every wrong input: exit status 2, one clear message, and the store is as it was. */

let data: TestDataFolder;

beforeAll(async () => {
  data = await cornersDataFolder();
  const { status, stderr } = await bitsmith([
    'train',
    configFile(cornersConfig({ epochs: 1 })),
    '--data-dir',
    data.root,
  ]);
  expect(stderr).not.toMatch(/bitsmith:/);
  expect(status).toBe(0);
});
afterAll(() => data.remove());

function configFile(document: unknown): string {
  const file = path.join(data.root, '..', 'config.json');
  fs.writeFileSync(file, JSON.stringify(document));
  return file;
}

/** Names and contents of everything that is kept, but for logs and SQLite's scratch files. */
function contents(): Record<string, string> {
  const files = fs
    .readdirSync(data.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/logs|-wal$|-shm$|host\.(lock|json)/.test(file));
  return Object.fromEntries(
    files.map((file) => [file, createHash('sha256').update(fs.readFileSync(file)).digest('hex')]),
  );
}

async function expectRefusal(
  args: string[],
  message: RegExp,
  options?: Parameters<typeof bitsmith>[1],
): Promise<void> {
  const before = contents();
  const listed = await bitsmith(['runs', 'list', '--json', '--data-dir', data.root]);
  const result = await bitsmith([...args, '--data-dir', data.root], options);
  expect(result.stderr).toMatch(message);
  expect(result.stderr).not.toMatch(/\n\s+at /);
  expect(result.stderr.split('\n').filter((line) => line.startsWith('bitsmith:'))).toHaveLength(1);
  expect(result.status).toBe(2);
  expect(result.stdout).toBe('');
  expect((await bitsmith(['runs', 'list', '--json', '--data-dir', data.root])).stdout).toBe(listed.stdout);
  expect(Object.keys(contents())).toEqual(Object.keys(before));
}

describe('a wrong configuration', () => {
  it.each([
    ['an unknown field', { ...cornersConfig(), epochs: 3 }, /unknown field "epochs"/],
    ['a negative learning rate', cornersConfig({ learningRate: -0.5 }), /"training.learningRate" is -0.5/],
    [
      'a layer whose shapes do not fit',
      {
        ...cornersConfig(),
        model: {
          version: 1,
          name: 'm',
          input: { shape: [8, 8, 1] },
          layers: [
            { id: 'c', kind: 'conv2d', filters: 4, kernel: 9, padding: 'valid' },
            { id: 'f', kind: 'flatten' },
            { id: 'd', kind: 'dense', units: 4 },
          ],
        },
      },
      /layer "c" \(conv2d\): a 9×9 kernel.*8×8 input/,
    ],
    [
      'an unknown method',
      { ...cornersConfig(), quantization: { weights: { method: 'ternary' } } },
      /"quantization.weights.method" is "ternary".*Allowed: full-precision, bnn, twn/,
    ],
    ['a data set that is not installed', { ...cornersConfig(), dataset: { name: 'mnist' } }, /mnist/],
    ['a batch larger than the data', cornersConfig({ batchSize: 5000 }), /"training.batchSize" is 5000/],
  ])('%s', (_title, document, message) => expectRefusal(['train', configFile(document)], message));

  it('a file that is not there', () =>
    expectRefusal(['train', '/nowhere/config.json'], /\/nowhere\/config.json.*no such file/));

  it('a file that is not JSON', () => {
    const file = path.join(data.root, '..', 'broken.json');
    fs.writeFileSync(file, '{"name": ');
    return expectRefusal(['train', file], /broken.json is not JSON/);
  });

  it('a device that cannot be used', async () => {
    const result = await bitsmith([
      'train',
      configFile(cornersConfig()),
      '--device',
      'cuda',
      '--data-dir',
      data.root,
    ]);
    expect(result.stderr).toMatch(/"device" is "cuda".*"auto"/);
    expect(result.status).toBe(2);
  });
});

describe('wrong data', () => {
  it('a truncated IDX file', () => {
    const folder = path.join(data.root, '..', 'truncated');
    fs.cpSync(path.join(data.root, '..', 'corners-files'), folder, { recursive: true });
    const file = path.join(folder, 'train-images-idx3-ubyte');
    fs.truncateSync(file, fs.statSync(file).size - 7);
    return expectRefusal(
      ['datasets', 'import', folder, '--kind', 'idx', '--name', 'broken'],
      /train-images-idx3-ubyte, byte \d+: expected/,
    );
  });

  it('a run that does not exist', () => expectRefusal(['runs', 'show', 'zzz'], /zzz/));
  it('a filter of a field that runs do not have', () =>
    expectRefusal(['runs', 'list', '--filter', 'acuracy>1'], /“acuracy” is no field.*“accuracy”/));
  it('an order by a field that runs do not have', () =>
    expectRefusal(['runs', 'list', '--sort', 'acuracy'], /--sort: "acuracy"/));
  it('a run that is not among the deleted ones', () =>
    expectRefusal(['runs', 'restore', 'zzz'], /no deleted run "zzz"/));
});

describe('a wrong place', () => {
  it('a data folder that is a file', async () => {
    const file = path.join(data.root, '..', 'file');
    fs.writeFileSync(file, '');
    const result = await bitsmith(['train', configFile(cornersConfig()), '--data-dir', file]);
    expect(result.stderr).toMatch(/bitsmith: .*file/);
    expect(result.status).toBe(2);
    expect(fs.readFileSync(file, 'utf8')).toBe('');
  });

  it('a data folder that another host holds, while looking at it stays possible', async () => {
    const host = await createHost({ dataFolder: data.root, shell: 'browser' });
    try {
      const result = await bitsmith(['train', configFile(cornersConfig()), '--data-dir', data.root]);
      expect(result.stderr).toMatch(new RegExp(`process ${process.pid}`));
      expect(result.status).toBe(2);
      expect((await bitsmith(['runs', 'list', '--json', '--data-dir', data.root])).status).toBe(0);
      expect(await host.services.run.list({})).toHaveLength(1);
    } finally {
      await host.dispose();
    }
  });

  it('a disk that is full when the run is stored', () =>
    expectRefusal(['train', configFile(cornersConfig())], /the disk is full/, {
      nodeArguments: ['--import', path.resolve('test/support/full-database.mjs')],
    }));

  it('a disk that fills up under a run: it fails with that reason, and goes on when there is room again', async () => {
    const file = configFile(cornersConfig({ epochs: 2 }));
    const failed = await bitsmith(['train', file, '--json', '--data-dir', data.root], {
      env: { NODE_OPTIONS: `--import ${path.resolve('test/support/full-disk.mjs')}` },
    });
    expect(failed.stderr).toMatch(/the disk is full/);
    expect(failed.status).toBe(1);
    const { runId, status } = JSON.parse(failed.stdout) as { runId: string; status: string };
    expect(status).toBe('failed');
    expect(fs.readdirSync(path.join(data.root, 'runs', runId))).toEqual([]);
    const resumed = await bitsmith(['resume', runId, '--json', '--data-dir', data.root]);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ runId, status: 'finished' });
  });
});

describe('the command line itself', () => {
  it.each([
    ['an unknown command', ['trian'], /unknown command 'trian'.*\n.*train/],
    ['an unknown option', ['runs', 'list', '--al'], /unknown option '--al'/],
    ['a missing argument', ['train'], /missing required argument 'config'/],
    ['an option out of its range', ['verify', 'x', '--samples', '0'], /whole number from 1/],
    [
      'an unknown core',
      ['verify', 'x', '--core', 'cortex-m9'],
      /cortex-m9: not known; allowed: all, cortex-m0/,
    ],
  ])('%s has status 2', async (_title, args, message) => {
    const result = await bitsmith(args);
    expect(result.stderr).toMatch(message);
    expect(result.status).toBe(2);
  });

  it('--help has status 0 on each command', async () => {
    for (const args of [
      [],
      ['demo'],
      ['train'],
      ['runs'],
      ['runs', 'list'],
      ['datasets', 'import'],
      ['export'],
      ['verify'],
      ['serve'],
    ]) {
      const result = await bitsmith([...args, '--help']);
      expect(result.stdout).toMatch(/Usage: bitsmith/);
      expect(result.status).toBe(0);
    }
  });
});
