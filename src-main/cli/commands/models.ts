import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import { BitsmithError } from '#shared/base/errors.ts';
import { nearest } from '#shared/base/schema.ts';
import { combinationWarnings } from '#shared/model/combination/index.ts';
import { costReport, type CostReport, type LayerCost } from '#shared/model/cost.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import type { ModelPreset, SampleShape } from '#shared/model/presets/types.ts';
import { applySettings, parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { catalogueService } from '../../services/catalogue/index.ts';
import { collect, wholeNumber, withCommon, type CommonOptions } from '../options.ts';
import { percent, printResult, table } from '../output.ts';
import { describeFields } from './describe-fields.ts';

interface ModelOptions extends CommonOptions {
  set: string[];
  shape?: SampleShape;
  classes?: number;
}

export function addModelCommands(program: Command): void {
  withCommon(
    program
      .command('models')
      .description('list the model presets, or show what one of them costs, layer by layer')
      .argument('[id]', 'preset to show')
      .option(
        '--set <path=value>',
        'option of the preset, or field of quantization (repeatable)',
        collect,
        [],
      )
      .option('--shape <HxWxC>', 'samples, for example 96x96x3 (default: the usual ones)', sampleShape)
      .option('--classes <number>', 'classes (default: as usual)', wholeNumber(1, 65_536)),
  ).action(async (id: string | undefined, options: ModelOptions) => {
    if (id !== undefined) {
      const shown = showPreset(presetOf(id), options);
      printResult(options.json, shown, () => describePreset(shown));
      return;
    }
    const models = await catalogueService.models({});
    printResult(options.json, models, () =>
      table(
        ['id', 'title', 'parameters', 'MACs', 'description'],
        models.map((row) => [row.id, row.title, row.parameters, row.macs, row.description]),
      ),
    );
  });
}

function sampleShape(text: string): SampleShape {
  const numbers = text.split(/[x×]/).map(Number);
  const [height = 0, width = 0, channels = 0, ...more] = numbers;
  if (more.length > 0 || ![height, width, channels].every((size) => Number.isInteger(size) && size >= 1)) {
    throw new InvalidArgumentError('must be height, width and channels, for example 96x96x3.');
  }
  return [height, width, channels];
}

function presetOf(id: string): ModelPreset {
  const preset = MODEL_PRESETS.find((candidate) => candidate.id === id);
  if (preset) return preset;
  const known = MODEL_PRESETS.map((candidate) => candidate.id);
  const close = nearest(id, known);
  throw new BitsmithError(
    'not-found',
    `model "${id}" is not known.${close ? ` Did you mean "${close}"?` : ''} Presets: ${known.join(', ')}`,
  );
}

type ShownPreset = ReturnType<typeof showPreset>;

/** What a preset is and costs; a setting whose path begins with `quantization` is the run's, any other the preset's. */
function showPreset(preset: ModelPreset, { set, shape = preset.usual.shape, classes }: ModelOptions) {
  const count = classes ?? preset.usual.classes;
  const document = applySettings(
    { dataset: { name: 'usual' }, model: { preset: preset.id }, quantization: {} },
    set.map((setting) => (setting.startsWith('quantization') ? setting : `model.${setting}`)),
  );
  const model = resolveRun(parseRunConfig(document), {
    name: 'usual',
    shape,
    classes: Array.from({ length: count }, String),
  });
  const { id, title, description, source, options } = preset;
  const warnings = combinationWarnings(model).map(({ layer, reason }) => `layer "${layer}": ${reason}`);
  const facts = { id, title, description, source, shape, classes: count };
  return { ...facts, options: z.toJSONSchema(options, { io: 'input' }), warnings, ...costReport(model) };
}

function describePreset(shown: ShownPreset): string {
  const { id, title, description, source, shape, classes, options, warnings } = shown;
  return [
    `${id}: ${title}`,
    `  ${description}`,
    `  ${source}`,
    `  samples ${shape.join('×')}, ${classes} classes`,
    ...describeFields('', options),
    '',
    describeCost(shown),
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}

/** The layout of larq's model summary: counts and multiply-accumulates split by bit width, then the totals. */
function describeCost({ layers, total }: Pick<CostReport, 'layers' | 'total'>): string {
  const widths = (records: readonly Readonly<Record<number, number>>[]) =>
    [...new Set(records.flatMap((record) => Object.keys(record).map(Number)))].sort((a, b) => a - b);
  const weightWidths = widths(layers.map((layer) => layer.weights));
  const macWidths = widths(layers.map((layer) => layer.macs));
  const kilobytes = (count: number) => (count / 1024).toFixed(2);
  const row = (
    name: string,
    input: string,
    shape: string,
    of: Pick<LayerCost, 'weights' | 'macs' | 'bytes'>,
  ) => [
    name,
    input,
    shape,
    ...weightWidths.map((bits) => of.weights[bits] ?? 0),
    kilobytes(of.bytes),
    ...macWidths.map((bits) => of.macs[bits] ?? 0),
  ];
  return [
    table(
      [
        'layer',
        'input bits',
        'output',
        ...weightWidths.map((bits) => `# ${bits}-bit`),
        'memory kB',
        ...macWidths.map((bits) => `${bits}-bit MACs`),
      ],
      [
        ...layers.map((layer) => row(layer.id, String(layer.inputBits), layer.shape.join('×'), layer)),
        row('total', '', '', total),
      ],
    ),
    '',
    `parameters ${total.parameters}; memory ${kilobytes(total.bytes)} kB, ${kilobytes(total.bytesWithInt8)} kB with 32-bit parameters as 8-bit`,
    `float32 ${kilobytes(total.float32Bytes)} kB, compression ${total.compression.toFixed(1)}`,
    `MACs ${total.macsTotal}, of them binary ${percent(total.binaryMacsRatio)}, ternary ${percent(total.ternaryMacsRatio)}`,
  ].join('\n');
}
