import { measuredRows } from '../report/readme-rows.ts';
import type { BundleReport } from '../report/schema.ts';
import { inputMapText } from './input-map.ts';
import { soundReadme } from './sound.ts';
import { layerFacts } from './manifest.ts';
import type { BundleFile, Emission } from './types.ts';
import { tableBytes, tablesOf } from './weights.ts';

/**
 * `README.md`: the facts of the network and how to use it. Every number is exact or measured.
 *
 * @param usage how the format is built
 * @param report of the bundle; absent: nothing was measured yet
 */
export function readmeFile(emission: Emission, usage: string, report?: BundleReport): BundleFile {
  const { name, upper, graph, plan, target, provenance } = emission;
  const layers = layerFacts(emission);
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  const rows = layers.map(
    (layer) =>
      `| ${layer.id} | ${layer.kind} | ${layer.shape.join(' × ')} | \`${layer.kernel}\` | ${layer.weightBytes} | ${layer.macs} | ${layer.nonzeros} |`,
  );
  const accuracy = provenance.accuracy === null ? 'unknown' : `${(100 * provenance.accuracy).toFixed(2)} %`;
  const content = `# ${graph.name}

A neural network as plain C99, written by Bitsmith ${provenance.appVersion}. It needs no heap, no floating point and no
operating system, and computes bit for bit what its reference computes.

| | |
| --- | --- |
| Input | ${graph.input.shape.join(' × ')} bytes, row by row, channels fastest; no preprocessing |
| Output | ${graph.classes} logits, int32; real logit = logit · 2^−${upper}_LOGIT_EXPONENT |
| Target | ${target.title}: \`${[target.compiler, ...target.flags].join(' ')}\` |
| Constant tables | ${tableBytes(tablesOf(emission))} bytes |
| Arena (working memory) | ${plan.arenaBytes} bytes, given by the caller |
${report ? measuredRows(report) : ''}| Multiply-accumulates | ${macs} |
| Test accuracy of the run | ${accuracy} |
| Run, checkpoint | ${provenance.run}, ${provenance.checkpoint} (sha256 ${provenance.checkpointSha256}) |
| Data set | ${provenance.dataset} (sha256 ${provenance.datasetSha256}) |
| Configuration, seed | ${provenance.configHash}, ${provenance.seed} |
${provenance.classes.length > 0 ? `| Classes | ${provenance.classes.map((title, index) => `${index} ${title}`).join(', ')} |\n` : ''}${inputMapText(emission)}${soundReadme(emission)}
## Use

\`\`\`c
#include "${name}.h"

static uint8_t arena[${upper}_ARENA_BYTES] __attribute__((aligned(${upper}_ARENA_ALIGN)));
int32_t logits[${upper}_CLASSES];

if (${name}_run(sample, logits, arena, sizeof arena) == BS_OK) {
    const uint32_t predicted = ${name}_argmax(logits);
}
\`\`\`

${usage}
\`bitsmith verify <this folder>\` compares every integer with the reference on the data set's test samples.

## Layers

| layer | computes | shape | kernel | weight bytes | MACs | nonzero weights |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

\`report.html\` has more, and \`report.json\` the same for programs: memory by layer, operations by bit width, zeros, stack.
\`manifest.json\` has the whole integer graph. \`SHA256SUMS\` lists every file
(\`sha256sum -c SHA256SUMS\`). Compiled with \`-D${upper}_OBSERVE\`, the network shows every layer's value to a test.
`;
  return { path: 'README.md', content };
}
