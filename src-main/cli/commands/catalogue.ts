import type { Command } from 'commander';
import { catalogueService } from '../../services/catalogue/index.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { printResult } from '../output.ts';
import { describeFields } from './describe-fields.ts';
import { addModelCommands } from './models.ts';

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
            ...Object.entries(parameters).flatMap(([side, schema]) => describeFields(`${side}.`, schema)),
            ...(paper ? [`  ${paper.authors}, ${paper.year}: ${paper.title}. ${paper.url}`] : []),
          ].join('\n'),
        )
        .join('\n\n'),
    );
  });
  addModelCommands(program);
}
