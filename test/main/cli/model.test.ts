import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '#shared/model/qonnx/read/read-model.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { checkpointFile, resolveDataFolder } from '#main/platform/data-folder.ts';
import { loadTrainedRun } from '#main/services/export/load-trained-run.ts';
import { decodeModel } from '#main/services/model/decode.ts';
import { openStore } from '#main/store/index.ts';
import { interpretFloat } from '#shared/verify/float/interpret-float.ts';
import { argMax } from '#shared/verify/interpret.ts';
import { bitsmith } from '#test/support/command-line.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';
import { evaluateOnnx } from '#test/support/onnx-evaluator.ts';

let data: TestDataFolder;
let run: string;
let config: string;
const file = (name: string) => path.join(data.root, '..', name);

beforeAll(async () => {
  data = await cornersDataFolder();
  config = file('config.json');
  fs.writeFileSync(config, JSON.stringify(cornersConfig({ epochs: 1 })));
  const trained = await bitsmith(['train', config, '--json', '--data-dir', data.root]);
  run = (JSON.parse(trained.stdout) as { runId: string }).runId;
});
afterAll(() => data.remove());

const call = (...args: string[]) => bitsmith(['model', ...args, '--data-dir', data.root]);

/** The run's network and a few test samples, as the store has them. */
function reference() {
  const folder = resolveDataFolder(data.root);
  const store = openStore({ dataFolder: folder, mode: 'read' });
  try {
    const checkpoint = store.checkpoints.list(run).find(({ kind }) => kind === 'final');
    if (!checkpoint) throw new Error('the run has no final checkpoint');
    const { id, sha256 } = checkpoint;
    return loadTrainedRun(folder.root, store.runs.config(run), checkpointFile(folder, run, id), sha256);
  } finally {
    store.close();
  }
}

describe('bitsmith model', () => {
  it('writes a trained run as QONNX that computes what the run’s network computes', async () => {
    const out = file('trained.onnx');
    const { status, stdout, stderr } = await call('export', run, '--out', out, '--json');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const result = JSON.parse(stdout) as { file: string; format: string; bytes: number };
    expect(result).toMatchObject({ file: out, format: 'qonnx', bytes: fs.statSync(out).size });
    const model = decodeModel(fs.readFileSync(out), 'trained.onnx');
    const { graph, samples } = reference();
    const output = model.graph.outputs[0]?.name ?? '';
    const classes = samples(25).map((sample) => {
      const input = { dims: [1, 1, 8, 8], data: [...sample] };
      const ours = evaluateOnnx(model, input).get(output)?.data ?? [];
      const expected = interpretFloat(graph, sample).get(graph.output) ?? [];
      const size = Math.max(...Array.from(expected, Math.abs));
      ours.forEach((logit, i) => expect(Math.abs(logit - (expected[i] ?? NaN))).toBeLessThan(1e-4 * size));
      expect(argMax(ours)).toBe(argMax(expected));
      return argMax(ours);
    });
    expect(new Set(classes).size).toBeGreaterThan(1);
  });

  it('reads it back as the network that was trained, and trains it', async () => {
    const out = file('again.onnx');
    const spec = file('again.json');
    await call('export', run, '--out', out);
    const imported = await call('import', out, '--out', spec);
    expect(imported.stdout).toMatch(/again\.json: 12 layers\n {2}Weights are not taken over/);
    const network = ModelSpecSchema.parse(JSON.parse(fs.readFileSync(spec, 'utf8')));
    const written = decodeModel(fs.readFileSync(out), 'again.onnx');
    expect(network).toEqual(readModel(written, 'again.onnx').spec);
    const json = await call('export', run, '--format', 'json', '--out', file('run.json'));
    expect(json.status).toBe(0);
    expect(JSON.parse(fs.readFileSync(file('run.json'), 'utf8'))).toEqual(network);

    fs.writeFileSync(file('next.json'), JSON.stringify({ ...cornersConfig({ epochs: 1 }), model: network }));
    const trained = await bitsmith(['train', file('next.json'), '--json', '--data-dir', data.root]);
    expect(JSON.parse(trained.stdout)).toMatchObject({ status: 'finished' });
  });

  it('writes a configuration before training, the same bytes each time', async () => {
    const [a, b] = [file('a.onnx'), file('b.onnx')];
    const first = await call('export', config, '--out', a);
    expect(first.stdout).toMatch(/Not trained: weights are the first ones of seed 1/);
    await call('export', config, '--out', b);
    expect(fs.readFileSync(a).equals(fs.readFileSync(b))).toBe(true);
    const { stdout, stderr } = await call('import', a);
    expect(ModelSpecSchema.parse(JSON.parse(stdout)).name).toBe('small');
    expect(stderr).toMatch(/^Weights are not taken over/);
  });

  it.each<[string, (name: string) => string[], RegExp]>([
    [
      'a checkpoint that is not there',
      () => ['export', run, '--checkpoint', 'x'],
      /has no checkpoint "x"; it has:/,
    ],
    [
      'a checkpoint of a configuration',
      () => ['export', config, '--checkpoint', 'x'],
      /a configuration has no checkpoints/,
    ],
    [
      'a file that is no model',
      (name) => {
        fs.writeFileSync(name, 'hello');
        return ['import', name];
      },
      /wrong is no ONNX model/,
    ],
  ])('refuses %s', async (_, args, message) => {
    const { status, stdout, stderr } = await call(...args(file('wrong')));
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([status, stdout]).toEqual([2, '']);
  });
});
