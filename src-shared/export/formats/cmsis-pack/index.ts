import { PLAIN_LAYOUT, relocate, type Layout } from '../layout.ts';
import { classifyProgram, selfTestProgram } from '../programs.ts';
import { PUBLISHING_NOTE } from '../package-facts.ts';
import type { Format } from '../types.ts';
import { componentName, packDescription, packFiles, PROGRAMS, VENDOR } from './pack-description.ts';

const layout: Layout = {
  include: PLAIN_LAYOUT.include,
  src: PLAIN_LAYOUT.src,
  'runtime/include': PLAIN_LAYOUT['runtime/include'],
  'runtime/src': PLAIN_LAYOUT['runtime/src'],
  test: PLAIN_LAYOUT.test,
  verify: PLAIN_LAYOUT.verify,
};

export const cmsisPack: Format = {
  id: 'cmsis-pack',
  title: 'CMSIS-Pack',
  description:
    'A pack folder with its .pdsc: the network and its self test as components, with program templates.',
  layout,
  arrange: (parts, emission) => {
    const files = relocate(parts, layout);
    return [
      ...files,
      { path: packFiles(emission).description, content: packDescription(files, emission, layout) },
      { path: PROGRAMS.classify, content: classifyProgram(emission, 'main') },
      { path: PROGRAMS.selfTest, content: selfTestProgram(emission, 'main') },
    ];
  },
  usage: (emission) => {
    const { description, archive } = packFiles(emission);
    const component = `${VENDOR}::Machine Learning`;
    return `This folder is a CMSIS-Pack.

- \`cpackget add ./${description}\` makes it known to the CMSIS toolbox; \`zip -r ../${archive} .\` packs it for
  \`cpackget add\` elsewhere, Keil MDK and other environments.
- Add the components to your \`cproject.yml\`; the second one only for the self test, it makes the network larger:

  \`\`\`yaml
  components:
    - component: ${component}:Bitsmith:${componentName(emission)}
    - component: ${component}:Bitsmith Self Test:${componentName(emission)}
  \`\`\`

- Programs to begin with are the second component's user code templates: \`${PROGRAMS.classify}\` classifies one sample,
  \`${PROGRAMS.selfTest}\` compares every layer of ${emission.golden.length} samples with the reference. They print with \`printf\`.

${PUBLISHING_NOTE}
`;
  },
};
