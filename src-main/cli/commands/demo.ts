import type { Command } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import type { Bundle, VerifyResult } from '#shared/contract/api/export.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { DEMO_ACCURACY, DEMO_CONFIG } from '#shared/run/demo.ts';
import { DEFAULT_PLAN } from '#shared/export/plan/options.ts';
import type { Host } from '../../host.ts';
import { followRun, requireFinished } from '../follow-run.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { bytes, percent, printResult, ProgressLine, seconds } from '../output.ts';
import { finishTask, withHost } from '../session.ts';
import { requireAgreement } from './export.ts';
import { describeVerification } from './verification-text.ts';

const TARGET = 'cortex-m4';

interface DemoResult {
  runId: string;
  accuracy: number | null;
  bundle: Bundle;
  verify: VerifyResult;
  seconds: { train: number; total: number };
}

export function addDemoCommand(program: Command): void {
  withCommon(
    program
      .command('demo')
      .description('the main job from end to end: MNIST, a ternary network, firmware, proof')
      .option('--device <id>', 'back end: auto, tensorflow, webgpu or wasm', 'auto'),
  ).action(async (options: CommonOptions & { device: string }) => {
    const result = await withHost(options, (host) => demo(host, options.device, new ProgressLine()));
    printResult(options.json, result, () => describe(result));
    check(result);
  });
}

async function demo(host: Host, device: string, progress: ProgressLine): Promise<DemoResult> {
  const start = performance.now();
  progress.note(`1/4 data: MNIST into ${host.folder.datasets}`);
  const { task: download } = await host.services.dataset.get({ name: DEMO_CONFIG.dataset.name });
  await finishTask(host, download, progress);

  progress.note('2/4 training: ternary weights and activations');
  const trainStart = performance.now();
  const { id } = await host.services.run.start({ config: { ...DEMO_CONFIG, device } });
  const summary: RunSummary = await followRun(host, id, progress);
  requireFinished(summary);
  const train = (performance.now() - trainStart) / 1000;

  progress.note(`3/4 export: C99 bundle for ${TARGET}`);
  const { task: build } = await host.services.export.build({
    run: id,
    target: TARGET,
    format: 'cmake',
    options: { ...DEFAULT_PLAN, objective: 'flash' },
  });
  const bundle = (await finishTask(host, build, progress)) as Bundle;

  progress.note('4/4 proof: all test images on the host, 100 on an emulated core');
  const { task: verifying } = await host.services.export.verify({
    bundle: bundle.id,
    cores: [TARGET],
    samples: 10_000,
  });
  const verify = (await finishTask(host, verifying, progress)) as VerifyResult;
  return {
    runId: id,
    accuracy: summary.accuracy,
    bundle,
    verify,
    seconds: { train, total: (performance.now() - start) / 1000 },
  };
}

function describe({ runId, accuracy, bundle, verify, seconds: time }: DemoResult): string {
  return [
    '',
    `Run ${runId}: ${percent(accuracy)} of the 10,000 MNIST test images are right, after ${seconds(time.train)} of training.`,
    `Firmware for ${bundle.target} in ${bundle.path}`,
    bundle.flashBytes === null
      ? `  weights ${bytes(bundle.weightBytes)}, activation arena ${bytes(bundle.arenaBytes)} (exact); flash and RAM are read from the linker where the cross compiler is installed`
      : `  flash ${bytes(bundle.flashBytes)}, RAM ${bytes(bundle.ramBytes)} (from the linker); weights ${bytes(bundle.weightBytes)}, activation arena ${bytes(bundle.arenaBytes)}`,
    ...describeVerification(verify)
      .split('\n')
      .map((line) => `  ${line}`),
    `Took ${seconds(time.total)}. Next: \`npm start\` (or \`npm run bitsmith -- serve\`) to see it in the window.`,
  ].join('\n');
}

/** Exact agreement wherever it could be run, and the accuracy that the configuration is known to reach. */
function check({ accuracy, verify }: DemoResult): void {
  requireAgreement(verify);
  if (accuracy === null || accuracy < DEMO_ACCURACY) {
    throw new BitsmithError(
      'job-failed',
      `the test accuracy is ${percent(accuracy)}, below the demo’s ${percent(DEMO_ACCURACY)}`,
    );
  }
}
