import { RandomStream } from '#shared/base/random.ts';
import { connectToHost } from '#main/jobs/training/port.ts';

/**
 * Stands in for a training process: ten series, a hundred steps a second, so a thousand numbers, and what else a training
 * process says. It computes nothing, so that what is measured is the telling.
 */
const STEPS_PER_SECOND = 100;
const BURST_MILLISECONDS = 50;
const STEPS = 10_000_000;
const SERIES = [
  'train/loss',
  'train/accuracy',
  'learning-rate',
  'steps-per-second',
  ...['conv1', 'conv2', 'dense1'].flatMap((layer) => [
    `layer/${layer}/zero-fraction`,
    `layer/${layer}/flip-ratio`,
  ]),
];

const host = connectToHost(() => process.exit(1));
const random = new RandomStream(1, 'talk');
let step = 0;

host.onMessage((message) => {
  if (message.type === 'start') {
    begin();
    return;
  }
  host.send({ type: 'ended', status: 'stopped', accuracy: null, loss: null });
  void host.flush().then(() => process.exit(0));
});

function begin(): void {
  host.send({
    type: 'started',
    device: 'wasm',
    deviceName: 'talking',
    truthProbe: { passed: true, checks: [] },
    stepsTotal: STEPS,
    fromStep: 0,
  });
  const start = performance.now();
  setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1000) * STEPS_PER_SECOND);
    while (step < due) {
      step++;
      const decay = Math.exp(-step / 20_000);
      const at = { step, epoch: step / 500, time: step / STEPS_PER_SECOND };
      host.send({
        type: 'metrics',
        points: SERIES.map((series) => ({ series, ...at, value: decay + 0.05 * random.nextNormal() })),
      });
    }
    host.send({
      type: 'progress',
      epochsDone: Math.floor(step / 500),
      stepsDone: step,
      stepsTotal: STEPS,
      stepsPerSecond: STEPS_PER_SECOND,
      etaSeconds: (STEPS - step) / STEPS_PER_SECOND,
    });
  }, BURST_MILLISECONDS);
}
