import { PLAIN_LAYOUT, relocate, type Layout } from '../layout.ts';
import { SHARED_RUNTIME_NOTE } from '../package-facts.ts';
import type { Format } from '../types.ts';
import { moduleFiles, samples, symbolOf } from './module-files.ts';

const layout: Layout = {
  include: PLAIN_LAYOUT.include,
  src: PLAIN_LAYOUT.src,
  'runtime/include': PLAIN_LAYOUT['runtime/include'],
  'runtime/src': PLAIN_LAYOUT['runtime/src'],
  test: PLAIN_LAYOUT.test,
  verify: PLAIN_LAYOUT.verify,
};

export const zephyr: Format = {
  id: 'zephyr',
  title: 'Zephyr module',
  description: 'A module with its Kconfig symbol, and samples that classify and test themselves.',
  layout,
  arrange: (parts, emission) => {
    const files = relocate(parts, layout);
    return [...files, ...moduleFiles(files, emission, layout), ...samples(emission, layout)];
  },
  usage: (emission) => `This folder is a Zephyr module.

- Set \`CONFIG_${symbolOf(emission)}=y\` in your \`prj.conf\`, and give the build this folder:
  \`west build -b <board> -- -DZEPHYR_EXTRA_MODULES=/path/to/this/folder\`, or list it in your \`west.yml\`:

  \`\`\`yaml
  manifest:
    projects:
      - name: bitsmith_${emission.name}
        path: modules/bitsmith_${emission.name}
        url: <where you keep this folder>
        revision: main
  \`\`\`

- \`west build -b <board> samples/classify\` builds an application that classifies one sample.
- \`west build -b <board> samples/self_test -t run\` compares every layer of ${emission.golden.length} samples with the reference on an
  emulated board; \`west twister -T samples\` does so as a test.

${SHARED_RUNTIME_NOTE}
`,
};
