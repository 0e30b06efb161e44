import { relocate, type Layout } from '../layout.ts';
import { PUBLISHING_NOTE } from '../package-facts.ts';
import type { Format } from '../types.ts';
import { keywords, libraryName, libraryProperties } from './library-properties.ts';
import { classifySketch, selfTestSketch } from './sketches.ts';

/** Only `src` is on the include path, so the public headers are at its top; `extras` is ignored by the tools. */
const layout: Layout = {
  include: 'src',
  src: 'src/network',
  'runtime/include': 'src',
  'runtime/src': 'src/runtime',
  test: 'extras/test',
  verify: 'extras/verify',
};

export const arduino: Format = {
  id: 'arduino',
  title: 'Arduino library',
  description: 'A library for the Arduino IDE, with a sketch that classifies and one that tests itself.',
  layout,
  arrange: (parts, emission) => [
    ...relocate(parts, layout),
    { path: 'library.properties', content: libraryProperties(emission) },
    { path: 'keywords.txt', content: keywords(emission) },
    ...classifySketch(emission),
    ...selfTestSketch(emission, parts),
  ],
  usage: (emission) => `This folder is an Arduino library for boards with a 32-bit core (not AVR).

- Copy it as \`${libraryName(emission)}\` into the folder \`libraries\` of your sketchbook, or pack it as a zip archive and
  choose Sketch > Include Library > Add .ZIP Library.
- File > Examples > ${libraryName(emission)} > Classify prints the logits of one sample and the time that they take.
- File > Examples > ${libraryName(emission)} > SelfTest compares the logits of all golden samples with the reference. To
  compare every layer: \`arduino-cli compile --build-property "compiler.c.extra_flags=-D${emission.upper}_OBSERVE"
  --build-property "compiler.cpp.extra_flags=-D${emission.upper}_OBSERVE" …\`.

${PUBLISHING_NOTE}
`,
};
