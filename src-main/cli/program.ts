import { Command } from 'commander';
import { applicationVersion } from '../platform/application.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCatalogueCommands } from './commands/catalogue.ts';
import { addDatasetCommands } from './commands/datasets.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDeviceCommands } from './commands/devices.ts';
import { addExportCommands } from './commands/export.ts';
import { addModelFileCommands } from './commands/model.ts';
import { addParityCommand } from './commands/parity.ts';
import { addPruneCommands } from './commands/prune.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommands } from './commands/runs.ts';
import { addSearchCommands } from './commands/search.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTrainCommands } from './commands/train.ts';

/** Every command. A new one: its file in `commands/`, and one line here. */
export function createProgram(): Command {
  const program = new Command('bitsmith')
    .description(
      'Train binary, ternary and int-n networks; export firmware that computes, bit for bit, what was trained',
    )
    .version(applicationVersion())
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
  addDemoCommand(program);
  addDatasetCommands(program);
  addCatalogueCommands(program);
  addDeviceCommands(program);
  addTrainCommands(program);
  addModelFileCommands(program);
  addPruneCommands(program);
  addRunCommands(program);
  addSearchCommands(program);
  addExportCommands(program);
  addParityCommand(program);
  addReportCommand(program);
  addBenchCommand(program);
  addServeCommand(program);
  return program;
}
