import { METHODS } from '../registry.ts';
import { curvePicture } from './curve-picture.ts';
import { indexPage } from './index-page.ts';
import { curveFile, methodPage, SIDES } from './method-page.ts';

/** Every file of the methods' documentation by its path below `docs/methods`; Markdown as yet unformatted. */
export function methodDocumentation(): Map<string, string> {
  const files = new Map([['README.md', indexPage(METHODS)]]);
  for (const method of METHODS) {
    files.set(`${method.card.id}.md`, methodPage(method));
    for (const side of SIDES) {
      const half = method[side];
      if (!half) continue;
      const parameters = { ...(half.parameters.parse({}) as object), method: method.card.id };
      files.set(
        curveFile(method.card.id, side),
        curvePicture({
          title: `${method.card.title}, ${side}`,
          value: (x) => half.curve.value(x, parameters),
          slope: (x) => half.curve.slope(x, parameters),
        }),
      );
    }
  }
  return files;
}
