import { describe, expect, it } from 'vitest';
import type { CheckpointRecord, Histogram, RunEvent } from '#shared/run/record.ts';
import { confusionMatrix } from '#shared/train/predictions/confusion.ts';
import { controlsFor } from '#renderer/components/control/run-controls.ts';
import { bestOf, checkpointItems, usualCheckpoint } from '#renderer/pages/run/checkpoint-names.ts';
import { cellLayout, inView, placeAfterKey, rowSums, tint } from '#renderer/pages/run/confusion/cells.ts';
import { matrixTable, scoreRows } from '#renderer/pages/run/confusion/tables.ts';
import { valuesOf } from '#renderer/pages/run/confusion/values.ts';
import { recordedLayers } from '#renderer/pages/run/layers/layer-list.ts';
import { logLines, logText } from '#renderer/pages/run/log-lines.ts';
import { runCommands } from '#renderer/pages/run/run-commands.ts';
import { remedyFor } from '#renderer/pages/run/run-remedy.ts';

const checkpoint = (
  id: string,
  step: number,
  kind: CheckpointRecord['kind'],
  validationAccuracy: number | null,
): CheckpointRecord => ({
  id,
  run: 'r',
  epoch: step / 10,
  step,
  kind,
  sha256: '',
  bytes: 1,
  validationAccuracy,
  createdAt: '',
});

describe('checkpoints', () => {
  const all = [
    checkpoint('a', 10, 'best', 0.9),
    checkpoint('b', 20, 'epoch', 0.8),
    checkpoint('c', 25, 'manual', null),
  ];
  it('are looked at in this order: the final one, the best, the newest', () => {
    expect(usualCheckpoint(all)?.id).toBe('a');
    expect(usualCheckpoint([...all, checkpoint('d', 30, 'final', null)])?.id).toBe('d');
    expect(
      usualCheckpoint([all[2], checkpoint('e', 5, 'pause', null)].filter((one) => one !== undefined))?.id,
    ).toBe('c');
    expect(usualCheckpoint([])).toBeUndefined();
  });
  it('of equal accuracy are best when they are the latest', () => {
    expect(bestOf([...all, checkpoint('d', 30, 'epoch', 0.9)])?.id).toBe('d');
    expect(bestOf([])).toBeUndefined();
  });
  it('are chosen by kind, epoch and accuracy, the newest first', () => {
    expect(checkpointItems(all).map(({ label }) => label)).toEqual([
      'By hand · epoch 3',
      'End of epoch · epoch 2 · 80.00 %',
      'Best so far · epoch 1 · 90.00 %',
    ]);
  });
});

describe('cells of a confusion matrix', () => {
  it('are large for few classes and never smaller than a finger or a number needs', () => {
    const ten = cellLayout(10, 600);
    expect(ten.totalWidth).toBeLessThanOrEqual(600);
    expect(ten.height).toBeGreaterThanOrEqual(24);
    const hundred = cellLayout(100, 600);
    expect(hundred.width).toBe(30);
    expect(hundred.totalWidth).toBe(104 + 3000);
  });
  it('in view are few, whatever the size', () => {
    expect(inView(0, 300, 30, 100)).toEqual({ first: 0, end: 13 });
    expect(inView(2700, 300, 30, 100)).toEqual({ first: 87, end: 100 });
  });
  it('are walked by keys and never left', () => {
    const at = { row: 4, column: 5 };
    const press = (key: string, ctrlKey = false) => placeAfterKey({ key, ctrlKey }, at, 10, 3);
    expect(press('ArrowRight')).toEqual({ row: 4, column: 6 });
    expect(press('ArrowUp')).toEqual({ row: 3, column: 5 });
    expect(press('PageDown')).toEqual({ row: 7, column: 5 });
    expect(press('Home')).toEqual({ row: 4, column: 0 });
    expect(press('End', true)).toEqual({ row: 9, column: 9 });
    expect(placeAfterKey({ key: 'PageDown', ctrlKey: false }, { row: 9, column: 9 }, 10, 3)).toEqual({
      row: 9,
      column: 9,
    });
    expect(press('a')).toBeUndefined();
  });
  it('are tinted by their share, so that one in a thousand is seen and the text keeps its contrast', () => {
    expect(tint(0)).toBe(0);
    expect(tint(0.001)).toBeGreaterThanOrEqual(8);
    expect(tint(1)).toBe(45);
    expect(tint(0.5)).toBeGreaterThan(tint(0.1));
    // The strongest tint under the page's text, in both themes: WCAG 2.2 asks for 4.5.
    for (const [hue, panel, text] of [
      ['#1d4ed8', '#ffffff', '#09090b'],
      ['#a9531f', '#ffffff', '#09090b'],
      ['#7cb0ff', '#17181b', '#fafafa'],
      ['#e08f5a', '#17181b', '#fafafa'],
    ] as const) {
      expect(contrast(mixed(hue, panel, tint(1) / 100), text)).toBeGreaterThan(4.5);
    }
  });
  it('sum to the samples of each class', () => {
    expect(rowSums(confusionMatrix([0, 0, 1], [0, 1, 1], 2))).toEqual([2, 1]);
  });
});

type Rgb = [number, number, number];
const channels = (hex: string): Rgb =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255) as Rgb;
function mixed(hue: string, panel: string, share: number): Rgb {
  const under = channels(panel);
  return channels(hue).map((value, i) => share * value + (1 - share) * (under[i] ?? 0)) as Rgb;
}
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: Rgb, text: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(channels(text))].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

describe('tables of a confusion matrix', () => {
  const matrix = confusionMatrix([0, 0, 0, 1, 1], [0, 0, 1, 1, 0], 3);
  it('have the worst class first, and classes without a score last either way', () => {
    const names = (descending: boolean) =>
      scoreRows(matrix, ['a', 'b', 'c'], 'f1', descending).map(({ name }) => name);
    expect(names(false)).toEqual(['b', 'a', 'c']);
    expect(names(true)).toEqual(['a', 'b', 'c']);
    expect(scoreRows(matrix, ['a', 'b', 'c'], 'name', true).map(({ id }) => id)).toEqual([2, 1, 0]);
  });
  it('are saved with the names of the classes', () => {
    expect(matrixTable(['a', 'b', 'c'], matrix.counts)).toEqual({
      columns: ['true class', 'a', 'b', 'c'],
      rows: [
        ['a', 2, 1, 0],
        ['b', 1, 1, 0],
        ['c', 0, 0, 0],
      ],
    });
  });
  it('show values of a table as they were before they became bytes', () => {
    const features = [
      { name: 'x', minimum: -1, maximum: 1 },
      { name: 'y', minimum: 0, maximum: 255 },
    ];
    expect(valuesOf(Uint8Array.of(9, 9, 0, 40), [2, 1, 2], features)).toEqual([
      { name: 'x', text: '−1' },
      { name: 'y', text: '40' },
    ]);
    expect(valuesOf(Uint8Array.of(7), [1, 1, 1], [])).toEqual([{ name: '0', text: '7' }]);
  });
});

describe('the layers of a run', () => {
  const latest = (layer: string): Histogram => ({
    layer,
    epoch: 1,
    step: 1,
    edges: [],
    counts: [],
    codes: {},
  });
  it('stand in the order of the network, activations behind', () => {
    const names = [
      'layer/act10/scale',
      'layer/act2/scale',
      'layer/conv1/scale',
      'layer/last/flip-ratio',
      'train/loss',
    ];
    expect(recordedLayers(names, [latest('last'), latest('conv1')])).toEqual([
      { id: 'last', kind: 'weights' },
      { id: 'conv1', kind: 'weights' },
      { id: 'act2', kind: 'activation' },
      { id: 'act10', kind: 'activation' },
    ]);
    expect(recordedLayers([], [])).toEqual([]);
  });
});

describe('the log', () => {
  const event = (level: RunEvent['level'], message: string): RunEvent => ({
    at: '2026-01-01T00:00:00.000Z',
    level,
    message,
  });
  const events = [
    event('info', 'epoch 1 done'),
    event('warning', 'Loss rose'),
    event('error', 'failed: loss'),
  ];
  it('is filtered by weight and by words in any order', () => {
    expect(logLines(events, 'all', '').found).toBe(3);
    expect(logLines(events, 'warning', '').found).toBe(2);
    expect(logLines(events, 'error', '').lines).toEqual([events[2]]);
    expect(logLines(events, 'all', 'LOSS').found).toBe(2);
    expect(logLines(events, 'all', 'done epoch').lines).toEqual([events[0]]);
    expect(logLines(events, 'all', 'nothing').found).toBe(0);
  });
  it('shows the last lines of a long one and says how many there are', () => {
    const { lines, found } = logLines(events, 'all', '', 2);
    expect(lines).toEqual(events.slice(1));
    expect(found).toBe(3);
  });
  it('is copied a line for each', () => {
    expect(logText(events.slice(1))).toBe(
      '2026-01-01T00:00:00.000Z WARNING Loss rose\n2026-01-01T00:00:00.000Z ERROR failed: loss',
    );
  });
});

describe('what can be done about a run that did not end well', () => {
  it.each([
    ['failed', 'the loss is no finite number any more at step 12; lower "training.learningRate"', ['fork']],
    [
      'crashed',
      'its process was ended by SIGKILL (by a person, or by the system for want of memory)',
      ['resume', 'fork'],
    ],
    ['failed', 'there is no data set "mnist"', ['datasets', 'resume']],
    ['failed', 'device "webgpu" cannot be used here: no adapter', ['devices', 'fork']],
    ['crashed', 'its process gave no sign of life for 120 s and was killed', ['resume', 'fork', 'devices']],
    ['crashed', 'its process ended with exit code 3', ['resume', 'log']],
    ['failed', 'something new', ['fork', 'log']],
  ] as const)('%s: %s', (status, reason, actions) => {
    const remedy = remedyFor(status, reason, true);
    expect(remedy?.actions).toEqual(actions);
    expect(remedy?.text).toMatch(/\.$/);
    expect(remedyFor(status, reason, false)?.actions).not.toContain('resume');
  });
  it('is nothing for a run that goes on, and no alarm for one that was stopped', () => {
    expect(remedyFor('running', null, false)).toBeNull();
    expect(remedyFor('stopped', 'stopped by request', true)).toMatchObject({ text: null, actions: [] });
  });
});

describe('commands of the page', () => {
  it('are the controls that the state allows, forking, and every tab', () => {
    const done: string[] = [];
    const commands = runCommands({
      controls: controlsFor('running'),
      tabs: [{ label: 'Log', value: 'log', icon: 'i' }],
      perform: ({ id }) => done.push(id),
      fork: () => done.push('fork'),
      show: (tab) => done.push(tab),
    });
    for (const command of commands) command.run();
    expect(done).toEqual(['pause', 'checkpoint', 'stop', 'fork', 'log']);
    const keys = commands.flatMap((command) =>
      'keys' in command && command.keys ? [command.keys.join(' ')] : [],
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
