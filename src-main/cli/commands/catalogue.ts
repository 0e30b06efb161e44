import type { Command } from 'commander';
import { catalogueService } from '../../services/catalogue/index.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { printResult, table } from '../output.ts';

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
  withCommon(program.command('models').description('list the model presets')).action(
    async (options: CommonOptions) => {
      const models = await catalogueService.models({});
      printResult(options.json, models, () =>
        table(
          ['id', 'title', 'parameters', 'MACs', 'description'],
          models.map((row) => [row.id, row.title, row.parameters, row.macs, row.description]),
        ),
      );
    },
  );
}

/** The fields of a JSON schema, one line each. */
function describeParameters(side: string, schema: unknown): string[] {
  const properties = (schema as { properties?: Record<string, Record<string, unknown>> }).properties ?? {};
  return Object.entries(properties).map(([name, field]) => {
    const allowed = Array.isArray(field.enum) ? field.enum.join(' | ') : String(field.type ?? '');
    return `  ${side}.${name} = ${JSON.stringify(field.default)} (${allowed}) ${String(field.description ?? '')}`.trimEnd();
  });
}
