import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bitsmith } from '#test/support/command-line.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

let data: TestDataFolder;
let run: string;

beforeAll(async () => {
  data = await cornersDataFolder();
  const file = path.join(data.root, '..', 'config.json');
  fs.writeFileSync(file, JSON.stringify(cornersConfig({ epochs: 4 })));
  const trained = await bitsmith(['train', file, '--json', '--data-dir', data.root]);
  run = (JSON.parse(trained.stdout) as { runId: string }).runId;
});
afterAll(() => data.remove());

const call = (...args: string[]) => bitsmith([...args, '--data-dir', data.root]);

describe('bitsmith prune', () => {
  it('prunes channels, removes them and tells both results; the zeros can be measured', async () => {
    const options = ['--levels', '0.3,0.5', '--epochs', '1', '--tolerance', '1', '--remove-channels'];
    const { stdout, stderr, status } = await call('prune', run, ...options, '--json');
    expect(status).toBe(0);
    const result = JSON.parse(stdout) as {
      runId: string;
      sparsity: number;
      smaller: { runId: string; status: string };
    };
    expect(result).toMatchObject({ status: 'finished', sparsity: 0.5, smaller: { status: 'finished' } });
    expect(stderr).toMatch(/channels removed: conv1 6 → 3, depth 6 → 3/);
    const measured = await call('runs', 'sparsity', result.runId, '--samples', '5');
    expect(measured.status).toBe(0);
    expect(measured.stdout).toMatch(/bit level: M_w · M_a · MACs\s+7,296/);
    expect(measured.stdout).toMatch(/against the multi-level binary network \(ReBNet\) with the same levels/);
  });

  it.each([
    ['levels that are no numbers', ['RUN', '--levels', '0.5,x'], /must be a number/],
    ['an unknown scope', ['RUN', '--scope', 'net'], /--scope is "net"; allowed: layer, global/],
    ['a learning rate of zero', ['RUN', '--learning-rate', '0'], /--learning-rate is 0; must be above 0/],
    [
      'weights as channels',
      ['RUN', '--granularity', 'weight', '--remove-channels'],
      /needs --granularity channel/,
    ],
  ])('%s: status 2, one message', async (_title, args, message) => {
    const { status, stdout, stderr } = await call('prune', ...args.map((arg) => (arg === 'RUN' ? run : arg)));
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
