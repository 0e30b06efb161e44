import type { ErrorData } from '#shared/base/errors.ts';
import type { GuideSight } from '#shared/settings/settings.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { isLive } from '#shared/run/status.ts';
import { bytes, count, percent } from '../base/format.ts';

export const GUIDE_STEPS = ['data', 'model', 'train', 'watch', 'export'] as const;
export type GuideStepId = (typeof GUIDE_STEPS)[number];

/** What the store and the host say now; the guide knows nothing else. */
export interface GuideFacts {
  /** Titles of the data sets that are here. */
  installed: readonly string[];
  /** What the demo trains on, as the catalogue has it. */
  demo: { title: string; samples: number; downloadBytes: number } | null;
  /** Why its last download did not end well. */
  downloadProblem: ErrorData | null;
  seen: readonly GuideSight[];
  /** Newest first. */
  runs: readonly RunSummary[];
  /** Why nothing can be trained here, and what to do about it; null: something can. */
  deviceProblem: string | null;
  bundles: number;
  /** How the newest verification of a bundle ended; `none`: there was none. */
  verified: 'passed' | 'differs' | 'not-run' | 'none';
  /** How to get a C compiler for this computer; null: there is one. */
  compilerRemedy: string | null;
}

export interface GuideStep {
  id: GuideStepId;
  title: string;
  done: boolean;
  /** What it is, or what came of it. */
  text: string;
  /** What to do now, on the page that it leads to; names controls as they are written there. */
  now: string;
  /** Page where it happens. */
  to: string;
  open: string;
  /** What its “do it for me” does; null: nothing is left to do. */
  help: string | null;
  /** What stands in the way, and the remedy. */
  problem: string | null;
}

/** The five steps from a fresh data folder to verified firmware, each ticked by what is really there. */
export function guideSteps(facts: GuideFacts): GuideStep[] {
  return [data(facts), model(facts), train(facts), watch(facts), firmware(facts)];
}

function data({ installed, demo, downloadProblem }: GuideFacts): GuideStep {
  const done = installed.length > 0;
  const title = demo?.title ?? 'MNIST';
  const size = demo ? `${count(demo.samples)} pictures of digits, ${bytes(demo.downloadBytes)}` : 'digits';
  return {
    id: 'data',
    title: 'Get a data set',
    done,
    text: done ? `Here: ${listOf(installed)}.` : `${title} is a good first one: ${size}.`,
    now: `Press Get beside ${title}. What arrives is checked by its SHA-256.`,
    to: '/datasets',
    open: 'Open Data sets',
    help: done ? null : `Get ${title}`,
    problem:
      done || !downloadProblem
        ? null
        : `${downloadProblem.message} Without a connection, a data set on this computer can be imported.`,
  };
}

function model({ seen }: GuideFacts): GuideStep {
  const done = seen.includes('model');
  return {
    id: 'model',
    title: 'Look at a model',
    done,
    text: done
      ? 'You have seen a network as a graph. Every block of it can be changed.'
      : 'A network is a graph of blocks. Each says its shape, its parameters and its bits.',
    now: 'Select a block: the inspector on the right says how its weights are quantized and what it costs.',
    to: '/model',
    open: 'Open the model builder',
    help: 'Open the demo’s network',
    problem: null,
  };
}

function train({ runs, deviceProblem }: GuideFacts): GuideStep {
  const done = runs.length > 0;
  return {
    id: 'train',
    title: 'Launch a short run',
    done,
    text: done
      ? `Launched: ${runs.length === 1 ? (runs[0]?.name ?? '') : `${count(runs.length)} runs`}.`
      : 'The demo trains a small network with ternary weights. It takes a minute or two.',
    now: 'Everything has a default. Press Start the run.',
    to: '/new',
    open: 'Open New run',
    help: 'Train the demo',
    problem: done ? null : deviceProblem,
  };
}

function watch({ runs, seen }: GuideFacts): GuideStep {
  const finished = runs.filter(({ status }) => status === 'finished');
  const [best] = finished;
  const [newest] = runs;
  const live = runs.find(({ status }) => isLive(status));
  const shown = live ?? best ?? newest;
  const broken = !live && !best && newest;
  return {
    id: 'watch',
    title: 'Watch and compare',
    done: finished.length > 0 && seen.includes('run'),
    text: best
      ? `${best.name}: ${percent(best.accuracy ?? best.bestValidationAccuracy)} correct${best.accuracy === null ? ' in validation' : ' on the test samples'}.`
      : 'Curves grow while it trains; the layers show what their weights do.',
    now:
      finished.length > 1
        ? 'Select two runs to see their curves and what differs.'
        : best && !live
          ? 'Look at Layers and Checkpoints. A second run would show what a setting changes.'
          : 'Accuracy should rise and loss fall. Layers shows how many weights are zero.',
    to: finished.length > 1 ? '/runs' : shown ? `/runs/${shown.id}` : '/runs',
    open: finished.length > 1 ? 'Open Runs' : shown ? 'Open the run' : 'Open Runs',
    help: best && !live ? 'Train a binary one, then compare' : null,
    problem: broken
      ? `${broken.name} is ${broken.status}${broken.reason ? `: ${broken.reason}` : ''}. Resume it on its page, or launch another.`
      : null,
  };
}

function firmware({ runs, bundles, verified, compilerRemedy }: GuideFacts): GuideStep {
  const finished = runs.find(({ status }) => status === 'finished');
  const done = verified === 'passed';
  const differs = 'The firmware differs from what was trained: Parity shows the first layer where it does.';
  const missing = `Firmware cannot be verified here: there is no C compiler. ${compilerRemedy ?? ''}`.trim();
  return {
    id: 'export',
    title: 'Export and verify firmware',
    done,
    text: done
      ? 'Verified: the firmware gives the same integers as the network that was trained.'
      : bundles > 0
        ? 'The bundle is written. Compile and run it to prove it.'
        : 'A bundle is C99 source for a microcontroller, with the weights packed.',
    now: bundles > 0 ? 'Press Verify.' : 'Choose a target and press Write the bundle, then Verify.',
    to: finished ? `/export?run=${finished.id}` : '/export',
    open: 'Open Export',
    help: finished && !done ? (bundles > 0 ? 'Verify it' : 'Write and verify a bundle') : null,
    problem: done
      ? null
      : verified === 'differs'
        ? differs
        : compilerRemedy !== null
          ? missing
          : verified === 'not-run'
            ? 'The last verification could not run anything: its page says why.'
            : null,
  };
}

/** Whether nothing is left that this computer can do. */
export function guideComplete(steps: readonly GuideStep[], facts: GuideFacts): boolean {
  const unprovable = facts.bundles > 0 && facts.compilerRemedy !== null;
  return steps.every(({ id, done }) => done || (id === 'export' && unprovable));
}

function listOf(names: readonly string[]): string {
  const [first = '', ...others] = names;
  return others.length === 0 ? first : `${first} and ${count(others.length)} more`;
}
