import { PLAIN_LAYOUT, relocate, type Layout } from '../layout.ts';
import { PUBLISHING_NOTE } from '../package-facts.ts';
import type { Format } from '../types.ts';
import { componentFiles, componentName, exampleProjects, symbolOf } from './component-files.ts';

const layout: Layout = {
  include: PLAIN_LAYOUT.include,
  src: PLAIN_LAYOUT.src,
  'runtime/include': PLAIN_LAYOUT['runtime/include'],
  'runtime/src': PLAIN_LAYOUT['runtime/src'],
  test: PLAIN_LAYOUT.test,
  verify: PLAIN_LAYOUT.verify,
};

export const espIdf: Format = {
  id: 'esp-idf',
  title: 'ESP-IDF component',
  description:
    'A component for Espressif’s ESP-IDF 5, with example projects that classify and test themselves.',
  layout,
  arrange: (parts, emission) => {
    const files = relocate(parts, layout);
    return [...files, ...componentFiles(files, emission, layout), ...exampleProjects(emission, layout)];
  },
  usage: (emission) => `This folder is an ESP-IDF component, for ESP-IDF 5.0 and later.

- Copy it into the folder \`components\` of your project, or name it in \`main/idf_component.yml\`:

  \`\`\`yaml
  dependencies:
    ${componentName(emission)}:
      version: "*"
      override_path: "/path/to/this/folder"
  \`\`\`

- \`idf.py -C examples/classify set-target <chip> flash monitor\` classifies one sample.
- \`idf.py -C examples/self_test set-target <chip> flash monitor\` compares every layer of ${emission.golden.length} samples with the
  reference (\`CONFIG_${symbolOf(emission)}_OBSERVE\` is set there).

${PUBLISHING_NOTE}
`,
};
