import type { Command } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import { nearest } from '#shared/base/schema.ts';
import { costReport, type CostReport, type LayerCost } from '#shared/model/cost.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import { resolveModel } from '#shared/model/resolve.ts';
import { parseRunConfig } from '#shared/run/config.ts';
import { catalogueService } from '../../services/catalogue/index.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { percent, printResult, table } from '../output.ts';

export function addCatalogueCommands(program: Command): void {
  withCommon(
    program
      .command('methods')
      .description('list the quantization methods with parameters, defaults and papers'),
  ).action(async (options: CommonOptions) => {
    const methods = await catalogueService.methods({});
    printResult(options.json, methods, () =>
      methods
        .map(({ id, title, sentence, quantizes, bits, forward, gradient, paper, parameters }) =>
          [
            `${id}: ${title} (${quantizes.join(', ')}; bits ${Object.values(bits).join('/')})`,
            `  ${sentence}`,
            ...forward.map((line) => `    ${line}`),
            ...gradient.map((line) => `    ${line}`),
            ...Object.entries(parameters).flatMap(([side, schema]) => describeParameters(side, schema)),
            ...(paper ? [`  ${paper.authors}, ${paper.year}: ${paper.title}. ${paper.url}`] : []),
          ].join('\n'),
        )
        .join('\n\n'),
    );
  });
  withCommon(
    program
      .command('models')
      .description('list the model presets, or show what one of them costs, layer by layer')
      .argument('[id]', 'preset to show'),
  ).action(async (id: string | undefined, options: CommonOptions) => {
    if (id !== undefined) {
      const report = presetCost(id);
      printResult(options.json, report, () => describeCost(report));
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

/** What a preset costs with the default methods on its usual data set. */
function presetCost(id: string): CostReport {
  const preset = MODEL_PRESETS.find((candidate) => candidate.id === id);
  if (!preset) {
    const known = MODEL_PRESETS.map((candidate) => candidate.id);
    const close = nearest(id, known);
    throw new BitsmithError(
      'not-found',
      `model "${id}" is not known.${close ? ` Did you mean "${close}"?` : ''} Presets: ${known.join(', ')}`,
    );
  }
  const { quantization } = parseRunConfig({ dataset: { name: 'usual' }, model: { preset: id } });
  return costReport(resolveModel(preset.build(preset.usual.shape, preset.usual.classes), quantization));
}

/** The layout of larq's model summary: counts and multiply-accumulates split by bit width, then the totals. */
function describeCost({ layers, total }: CostReport): string {
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

/** The fields of a JSON schema, one line each. */
function describeParameters(side: string, schema: unknown): string[] {
  const properties = (schema as { properties?: Record<string, Record<string, unknown>> }).properties ?? {};
  return Object.entries(properties).map(([name, field]) => {
    const allowed = Array.isArray(field.enum) ? field.enum.join(' | ') : String(field.type ?? '');
    return `  ${side}.${name} = ${JSON.stringify(field.default)} (${allowed}) ${String(field.description ?? '')}`.trimEnd();
  });
}
