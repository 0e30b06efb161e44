import { mapShape, type ConvNode } from '../ir/graph.ts';
import { wordsOf } from '../plan/encoding.ts';
import type { ConvLevelsStep, ConvStep, DenseStep, Place, Step } from '../plan/types.ts';
import { C_TYPE, rowStep } from './addresses.ts';
import { writeFast } from './fast-step-writer.ts';
import { mapFields, numbers, StepText, type StepCode } from './step-text.ts';
import type { StepContext } from './types.ts';

/** Writes down the kernel calls of one step. */
export function writeStep(emission: StepContext, symbol: string, step: Step): StepCode {
  const text = new StepText(emission, symbol);
  switch (step.kind) {
    case 'pad':
      writePad(text, step.from, step.to, step.kernel, step.fill !== undefined);
      break;
    case 'conv2d':
      writeConv(text, step);
      break;
    case 'conv2d-levels':
      writeConvLevels(text, step);
      break;
    case 'dense':
      text.call(step.kernel, [
        weightsOf(text, step),
        startTable(text, step),
        text.address.inner(step.from),
        text.address.inner(step.to),
      ]);
      break;
    case 'pool':
      text.clear(step.to);
      text.call(step.kernel, [
        text.pool(step.node, step.from),
        text.map('in', step.from),
        text.map('out', step.to),
        text.address.inner(step.from),
        text.address.inner(step.to),
      ]);
      break;
    case 'add':
      text.clear(step.to);
      text.call(step.kernel, [
        text.map('a', step.from[0]),
        text.map('b', step.from[1]),
        text.map('out', step.to),
        text.address.inner(step.from[0]),
        text.address.inner(step.from[1]),
        text.address.inner(step.to),
      ]);
      break;
    case 'threshold':
      text.clear(step.to);
      text.call(step.kernel, [
        text.thresholds(step.node),
        text.map('in', step.from),
        text.map('out', step.to),
        text.address.inner(step.from),
        text.address.inner(step.to),
      ]);
      break;
    case 'combine': {
      text.clear(step.to);
      const out = text.map('out', step.to);
      const [fill = '', ...kernels] = step.kernels;
      text.call(fill, [out, `${text.table}_bias`, text.address.inner(step.to)]);
      step.from.forEach((place, index) =>
        text.call(kernels[index] ?? '', [
          text.map(`in${index}`, place),
          out,
          `${text.table}_multipliers${index}`,
          text.address.inner(place),
          text.address.inner(step.to),
        ]),
      );
      break;
    }
    case 'lookup':
      text.clear(step.to);
      text.call(step.kernel, [
        text.map('in', step.from),
        text.map('out', step.to),
        `${text.table}_lookup`,
        String(step.node.low),
        text.address.inner(step.from),
        text.address.inner(step.to),
      ]);
      break;
    case 'affine':
      text.calls.push(`memcpy(logits, ${text.table}_bias, sizeof ${text.table}_bias);`);
      step.from.forEach((place, index) =>
        text.call(step.kernels[index] ?? '', [
          `${text.emission.upper}_CLASSES`,
          text.address.inner(place),
          `${text.table}_multipliers${index}`,
          'logits',
        ]),
      );
      break;
    default:
      writeFast(text, step);
  }
  return { structs: text.structs, calls: text.calls };
}

function writePad(text: StepText, from: Place, to: Place, kernel: string, filled: boolean): void {
  const { top, left, bottom, right } = to.border;
  const frame: Place = {
    ...to,
    height: to.height + top + bottom,
    width: to.width + left + right,
    border: { top: 0, left: 0, bottom: 0, right: 0 },
  };
  text.call(kernel, [
    text.map('in', from),
    text.map('out', frame),
    `${top}U`,
    `${left}U`,
    ...(filled ? [`${text.table}_fill`] : []),
    text.address.inner(from),
    text.address.buffer(to.buffer, C_TYPE[to.type]),
  ]);
}

function writeConv(text: StepText, step: ConvStep): void {
  const window = windowOf(text, 'window', step.node, step.from);
  const weights = weightsOf(text, step);
  const finish = finishOf(text, step, step.node.shape);
  text.clear(step.to);
  text.call(step.kernel, [
    window,
    weights,
    startTable(text, step),
    finish,
    text.address.inner(step.from, step.node.padding),
    text.address.inner(step.to),
    ...scratchOf(text, step),
  ]);
}

function writeConvLevels(text: StepText, step: ConvLevelsStep): void {
  const { levels, to } = step;
  const table = `${text.symbol}_levels`;
  const bytes = levels.some(({ encoding }) => encoding === 'bytes');
  const rows = levels.map((level, index) => {
    const part = `level${index}`;
    const name = `${text.table}_${part}`;
    const fields = [
      windowOf(text, `${part}_window`, level.node, level.from),
      weightsOf(text, level, part),
      level.start ? `${name}_start` : 'NULL',
      `${name}_multipliers`,
    ];
    return `    {${fields.join(', ')}}`;
  });
  const type = bytes ? 'bs_bytes_level' : 'bs_planes_level';
  text.structs.push(`static const ${type} ${table}[${levels.length}] = {\n${rows.join(',\n')}};`);
  const finish = finishOf(text, step, levels[0]?.node.shape ?? []);
  text.clear(to);
  const element = C_TYPE[levels[0]?.from.type ?? 'i8'];
  const inputs = levels.map(({ node, from }) => text.address.inner(from, node.padding));
  text.calls.push('{', `    const ${element} *const inputs[${levels.length}] = {`);
  inputs.forEach((input, index) =>
    text.calls.push(`        ${input}${index + 1 < inputs.length ? ',' : '};'}`),
  );
  const before = text.calls.length;
  text.call(step.kernel, [
    table,
    `${levels.length}U`,
    `${text.table}_bias`,
    finish,
    'inputs',
    text.address.inner(to),
    ...scratchOf(text, step),
  ]);
  for (let i = before; i < text.calls.length; i++) text.calls[i] = `    ${text.calls[i]}`;
  text.calls.push('}');
}

function scratchOf(text: StepText, step: ConvStep | ConvLevelsStep): string[] {
  const plane = text.address.buffer(step.plane, 'int32_t');
  return step.list === undefined ? [plane] : [plane, text.address.buffer(step.list, 'uint16_t')];
}

function windowOf(text: StepText, part: string, node: ConvNode, from: Place): string {
  const depthwise = node.kind === 'depthwise-conv2d';
  const row = rowStep(from);
  const [height, width] = mapShape(node.shape);
  const fields = [
    node.kernel[0],
    node.kernel[1],
    depthwise ? 1 : from.channels,
    depthwise ? 1 : 0,
    node.dilation[1] * from.channels,
    node.dilation[0] * row,
    node.strides[1] * from.channels,
    node.strides[0] * row,
    height,
    width,
  ];
  return text.struct('bs_window', part, numbers(fields));
}

/** @param shape of the sums */
function finishOf(text: StepText, step: ConvStep | ConvLevelsStep, shape: readonly number[]): string {
  const { to } = step;
  const [height, width] = mapShape(shape);
  const pool = step.pool ? text.pool(step.pool, { height, width }) : 'NULL';
  const thresholds = step.threshold ? text.thresholds(step.threshold) : 'NULL';
  const out = mapFields(to).join(', ');
  return text.struct('bs_finish', 'finish', [pool, thresholds, `{${out}}`]);
}

function weightsOf(
  text: StepText,
  { node, encoding }: Pick<ConvStep | DenseStep, 'node' | 'encoding'>,
  level?: string,
): string {
  const { filters, taps } = node.weights;
  const table = level === undefined ? text.table : `${text.table}_${level}`;
  const part = level === undefined ? 'weights' : `${level}_weights`;
  if (encoding === 'bytes') {
    return text.struct('bs_bytes', part, [...numbers([filters, taps]), `${table}_codes`]);
  }
  return text.struct('bs_planes', part, [
    ...numbers([filters, taps, wordsOf(taps)]),
    encoding === 'binary' ? 'NULL' : `${table}_nonzero`,
    `${table}_negative`,
  ]);
}

function startTable(text: StepText, step: ConvStep | DenseStep): string {
  return step.start ? `${text.table}_start` : 'NULL';
}
