import type { Command } from 'commander';
import { Option } from 'commander';
import { z } from 'zod';
import { BitsmithError } from '#shared/base/errors.ts';
import { IMPORT_KINDS } from '#shared/contract/api/dataset.ts';
import { datasetApi } from '#shared/contract/api/dataset.ts';
import { parseWith } from '#shared/base/schema.ts';
import { soundText } from '#shared/dataset/sound/spec.ts';
import { datasetFormat } from '#shared/dataset/sources/index.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { applySettings } from '#shared/run/config.ts';
import { resolveDataFolder } from '../../platform/data-folder.ts';
import { catalogue, listDatasets, readDatasetInfo } from '../../services/dataset/index.ts';
import { collect, withCommon, type CommonOptions } from '../options.ts';
import { printResult, ProgressLine, table } from '../output.ts';
import { finishTask, withHost } from '../session.ts';

export function addDatasetCommands(program: Command): void {
  const datasets = program.command('datasets').description('get, import and look at data sets');

  withCommon(datasets.command('list').description('list what is installed and what can be had')).action(
    (options: CommonOptions) => {
      const installed = listDatasets(resolveDataFolder(options.dataDir).root);
      const available = catalogue
        .filter((entry) => !installed.some(({ name }) => name === entry.name))
        .map((entry) => entry.name);
      printResult(options.json, installed, () =>
        [
          installed.length > 0
            ? table(
                ['name', 'shape', 'classes', 'train', 'test', 'title'],
                installed.map((info) => [
                  info.name,
                  info.shape.join('×'),
                  info.classes.length,
                  info.train,
                  info.test,
                  info.title,
                ]),
              )
            : 'No data set is installed yet.',
          ...(available.length > 0
            ? [`To be had with \`bitsmith datasets get NAME\`: ${available.join(', ')}`]
            : []),
        ].join('\n'),
      );
    },
  );

  withCommon(
    datasets.command('get').description('download a data set of the catalogue').argument('<name>'),
  ).action(async (name: string, options: CommonOptions) => {
    const info = await withHost(options, async (host) => {
      const { task } = await host.services.dataset.get({ name });
      return (await finishTask(host, task, new ProgressLine())) as DatasetInfo;
    });
    printResult(options.json, info, () => describe(info));
  });

  withCommon(
    datasets
      .command('import')
      .description('import a data set from files on disk')
      .argument('<path>', 'file or folder')
      .addOption(new Option('--kind <kind>', 'file format').choices([...IMPORT_KINDS]).makeOptionMandatory())
      .requiredOption('--name <name>', 'name for the data set')
      .option('--class <name>', 'class name in label order (repeat for each)', collect, [])
      .option('--option <key=value>', 'what the kind lets choose, e.g. height=32 (repeat)', collect, [])
      .addHelpText('after', optionsHelp),
  ).action(async (path: string, options: CommonOptions & ImportFlags) => {
    const request = parseWith(
      datasetApi.import.input,
      {
        path,
        kind: options.kind,
        name: options.name,
        ...(options.class.length > 0 ? { classes: options.class } : {}),
        options: applySettings({}, options.option.map(checkOption)),
      },
      'datasets import',
    );
    const info = await withHost(options, async (host) => {
      const { task } = await host.services.dataset.import(request);
      return (await finishTask(host, task, new ProgressLine())) as DatasetInfo;
    });
    printResult(options.json, info, () => describe(info));
  });

  withCommon(datasets.command('show').description('show a data set').argument('<name>')).action(
    (name: string, options: CommonOptions) => {
      const info = readDatasetInfo(resolveDataFolder(options.dataDir).root, name);
      printResult(options.json, info, () => describe(info));
    },
  );
}

interface ImportFlags {
  kind: string;
  name: string;
  class: string[];
  option: string[];
}

/** @throws BitsmithError `invalid-input` when it is not of the form key=value */
function checkOption(text: string): string {
  if (/^\w+=/.test(text)) return text;
  throw new BitsmithError('invalid-input', `--option ${text}: must have the form key=value`);
}

/** The options of every kind with their defaults, from the schemas themselves. */
function optionsHelp(): string {
  const lines = IMPORT_KINDS.flatMap((kind) => {
    const { options } = datasetFormat(kind);
    if (!options) return [];
    const schema = z.toJSONSchema(options, { io: 'input' });
    const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
      const { enum: values, type, default: usual } = field as z.core.JSONSchema.JSONSchema;
      const allowed = Array.isArray(values) ? values.join(' | ') : String(type ?? 'value');
      const standard = usual === undefined ? '' : ` (default ${JSON.stringify(usual)})`;
      return `    ${name}: ${allowed}${standard}`;
    });
    return [`  ${kind}`, ...rows];
  });
  return ['', 'Options by kind:', ...lines].join('\n');
}

function describe(info: DatasetInfo): string {
  return [
    `${info.name}: ${info.title}`,
    `  ${info.train} training and ${info.test} test samples of ${info.shape.join('×')} bytes, ${info.classes.length} classes`,
    `  mean ${info.mean.map((v) => v.toFixed(2)).join(', ')}; standard deviation ${info.standardDeviation.map((v) => v.toFixed(2)).join(', ')}`,
    `  SHA-256 ${info.sha256}`,
    ...(info.sound ? [`  front end: ${soundText(info.sound)}`] : []),
    ...(info.imported?.notes ?? []).map((note) => `  ${note}`),
    ...(info.imported?.unreadable
      ? [`  ${info.imported.unreadable} files could not be read and were left out`]
      : []),
    ...(info.features
      ? [
          '',
          table(
            ['input', 'byte 0', 'byte 255'],
            info.features.map(({ name, minimum, maximum }) => [name, minimum, maximum]),
          ),
        ]
      : []),
    '',
    table(
      ['class', 'train', 'test'],
      info.classes.map((name, i) => [name, info.classCounts.train[i] ?? 0, info.classCounts.test[i] ?? 0]),
    ),
  ].join('\n');
}
