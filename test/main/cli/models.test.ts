import { describe, expect, it } from 'vitest';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import { bitsmith } from '#test/support/command-line.ts';

describe('bitsmith models', () => {
  it('lists every preset', async () => {
    const { status, stdout } = await bitsmith(['models', '--json']);
    expect(status).toBe(0);
    const rows = JSON.parse(stdout) as { id: string; parameters: number; macs: number }[];
    expect(rows.map(({ id }) => id)).toEqual(MODEL_PRESETS.map(({ id }) => id));
    expect(rows.find(({ id }) => id === 'resnet50')).toMatchObject({
      parameters: 25_557_032,
      macs: 4_089_184_256,
    });
  });

  it('shows one layer by layer, with its source and options', async () => {
    const { status, stdout } = await bitsmith(['models', 'resnet20']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^resnet20: ResNet-20, CIFAR\n/);
    expect(stdout).toMatch(/arXiv 1512\.03385, section 4\.2/);
    expect(stdout).toMatch(/ {2}shortcut = "A" \(A \| B\)/);
    expect(stdout).toMatch(/s2b1-shortcut1 +2 +16×16×32/);
    expect(stdout).toMatch(/MACs 40551040, of them/);
  });

  it('takes options, methods, samples and classes', async () => {
    const { status, stdout } = await bitsmith([
      'models',
      'mobilenet-v1',
      '--json',
      '--set',
      'width=0.25',
      '--set',
      'quantization.weights.method=full-precision',
      '--shape',
      '96x96x3',
      '--classes',
      '2',
    ]);
    expect(status).toBe(0);
    const shown = JSON.parse(stdout) as { shape: number[]; warnings: string[]; total: { trainable: number } };
    expect(shown.shape).toEqual([96, 96, 3]);
    expect(shown.total.trainable).toBe(213_586);
    expect(shown.warnings[0]).toMatch(/layer "conv1": its weights are "full-precision"/);
  });

  it.each([
    [['resnet21'], /model "resnet21" is not known. Did you mean "resnet20"/],
    [['cnv', '--shape', '28x28x1'], /model preset "cnv" cannot take samples of shape \[28, 28, 1\]/],
    [['cnv', '--shape', '28x28'], /must be height, width and channels/],
    [
      ['cnv', '--set', 'quantization.weight=1'],
      /unknown field "quantization.weight". Did you mean "weights"/,
    ],
  ])('refuses %j', async (args, message) => {
    const { status, stdout, stderr } = await bitsmith(['models', ...args]);
    expect(status).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});
