import * as fs from 'node:fs';
import * as path from 'node:path';
import { Option, type Command } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import { MODEL_FORMATS } from '#shared/contract/api/model.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { applicationVersion } from '../../platform/application.ts';
import { resolveDataFolder } from '../../platform/data-folder.ts';
import { guardFiles, writeFileAtomic } from '../../platform/files.ts';
import { readDatasetInfo } from '../../services/dataset/index.ts';
import { exportModel, importModel, trainedNetwork, type ModelFile } from '../../services/model/index.ts';
import { statedSpec } from '#shared/model/qonnx/stated-spec.ts';
import { bytes, printResult } from '../output.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { withHost } from '../session.ts';

interface ExportOptions extends CommonOptions {
  format?: (typeof MODEL_FORMATS)[number];
  checkpoint?: string;
  out?: string;
}

export function addModelFileCommands(program: Command): void {
  const model = program.command('model').description('networks as files: QONNX and JSON');

  withCommon(
    model
      .command('export')
      .description('write the network of a run, with its weights, or of a configuration')
      .argument('<source>', 'run (id or its beginning), or a configuration (a JSON file)')
      .addOption(
        new Option('--format <id>', 'default: by the name of the file, else qonnx').choices([
          ...MODEL_FORMATS,
        ]),
      )
      .option('--checkpoint <id>', 'checkpoint of a run (default: the final one, else the newest)')
      .option('--out <file>', 'file to write (default: named after the network, here)'),
  ).action(async (source: string, options: ExportOptions) => {
    const format = options.format ?? (/\.json$/i.test(options.out ?? '') ? 'json' : 'qonnx');
    const file = isConfigFile(source)
      ? exportConfig(source, format, options)
      : await exportRun(source, format, options);
    const out = path.resolve(options.out ?? file.name);
    writeFileAtomic(out, file.bytes);
    const result = { file: out, format, bytes: file.bytes.length, notes: file.notes };
    printResult(options.json, result, () =>
      [`${out}: ${format}, ${bytes(result.bytes)}`, ...file.notes.map((note) => `  ${note}`)].join('\n'),
    );
  });

  withCommon(
    model
      .command('import')
      .description('turn a QONNX, ONNX or JSON file into a network for a configuration')
      .argument('<file>', 'file with a network')
      .option('--out <file>', 'JSON file to write (default: standard output)'),
  ).action((file: string, options: CommonOptions & { out?: string }) => {
    const content = guardFiles(`cannot read ${file}`, () => fs.readFileSync(file));
    const { spec, notes } = importModel(content, path.basename(file));
    if (options.out !== undefined) {
      const out = path.resolve(options.out);
      writeFileAtomic(out, `${JSON.stringify(spec, null, 2)}\n`);
      const layers = (spec.layers as unknown[]).length;
      printResult(options.json, { file: out, layers, notes }, () =>
        [`${out}: ${layers} layers`, ...notes.map((note) => `  ${note}`)].join('\n'),
      );
      return;
    }
    if (!options.json) notes.forEach((note) => console.error(note));
    printResult(options.json, { spec, notes }, () => JSON.stringify(spec, null, 2));
  });
}

/** A run has an id without a suffix; a configuration is a file. */
function isConfigFile(source: string): boolean {
  return /\.json$/i.test(source) || fs.existsSync(source);
}

/** A configuration is written as its network is before training. */
function exportConfig(
  source: string,
  format: (typeof MODEL_FORMATS)[number],
  { checkpoint, dataDir }: ExportOptions,
): ModelFile {
  if (checkpoint !== undefined) {
    throw new BitsmithError(
      'invalid-input',
      `--checkpoint ${checkpoint}: a configuration has no checkpoints; name a run`,
    );
  }
  const text = guardFiles(`cannot read ${source}`, () => fs.readFileSync(source, 'utf8'));
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BitsmithError('invalid-input', `${source} is no JSON: ${reason}`);
  }
  const config = parseRunConfig(document, source);
  // A preset is built for the samples of its data set; a network of one's own says what it takes.
  const network =
    'preset' in config.model
      ? statedSpec(resolveRun(config, readDatasetInfo(resolveDataFolder(dataDir).root, config.dataset.name)))
      : config.model;
  return exportModel({
    source: { kind: 'draft', model: network, quantization: config.quantization, seed: config.seed },
    format,
    version: applicationVersion(),
    trained: () => {
      throw new RangeError('a configuration is no run');
    },
  });
}

function exportRun(
  run: string,
  format: (typeof MODEL_FORMATS)[number],
  options: ExportOptions,
): Promise<ModelFile> {
  return withHost(options, (host) =>
    Promise.resolve(
      exportModel({
        source: { kind: 'run', run, ...(options.checkpoint ? { checkpoint: options.checkpoint } : {}) },
        format,
        version: applicationVersion(),
        trained: (id, checkpoint) => trainedNetwork(host.store, host.folder, id, checkpoint),
      }),
    ),
  );
}
