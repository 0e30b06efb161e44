import * as prettier from 'prettier';
import { methodDocumentation } from '#shared/quant/documentation/files.ts';

export const METHOD_FOLDER = 'docs/methods';

/** The files below `docs/methods` as they are committed: formatted like everything else here. */
export async function methodFiles(): Promise<Map<string, string>> {
  const options = await prettier.resolveConfig(`${METHOD_FOLDER}/README.md`);
  const entries = [...methodDocumentation()].map(async ([name, text]) => {
    if (!name.endsWith('.md')) return [name, text] as const;
    return [name, await prettier.format(text, { ...options, parser: 'markdown' })] as const;
  });
  return new Map(await Promise.all(entries));
}
