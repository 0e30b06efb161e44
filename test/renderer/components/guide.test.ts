import { describe, expect, it } from 'vitest';
import { guideComplete, guideSteps, type GuideFacts } from '#renderer/components/guide/guide-steps.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const fresh: GuideFacts = {
  installed: [],
  demo: { title: 'MNIST', samples: 70_000, downloadBytes: 11_490_000 },
  downloadProblem: null,
  seen: [],
  runs: [],
  deviceProblem: null,
  bundles: 0,
  verified: 'none',
  compilerRemedy: null,
};
const stepsOf = (facts: Partial<GuideFacts>) => guideSteps({ ...fresh, ...facts });
const step = (facts: Partial<GuideFacts>, id: string) => stepsOf(facts).find((one) => one.id === id);
const done = (facts: Partial<GuideFacts>) => stepsOf(facts).flatMap((one) => (one.done ? [one.id] : []));
const runOf = (status: 'running' | 'finished' | 'failed', id = 'r1') => {
  const { summary } = fakeRun(3);
  return { ...summary, id, status, name: `run ${id}`, reason: status === 'failed' ? 'out of memory' : null };
};

describe('guideSteps', () => {
  it('ticks a step by what is there, and by nothing else', () => {
    expect(done({})).toEqual([]);
    expect(done({ installed: ['MNIST'] })).toEqual(['data']);
    expect(done({ seen: ['model'] })).toEqual(['model']);
    expect(done({ runs: [runOf('running')], seen: ['run'] })).toEqual(['train']);
    expect(done({ runs: [runOf('finished')] })).toEqual(['train']);
    expect(done({ runs: [runOf('finished')], seen: ['run'] })).toEqual(['train', 'watch']);
    expect(done({ bundles: 1 })).toEqual([]);
    expect(done({ bundles: 1, verified: 'differs' })).toEqual([]);
    expect(done({ bundles: 1, verified: 'passed' })).toEqual(['export']);
  });

  it('says what stands in the way, and the remedy', () => {
    const downloadProblem = {
      code: 'io',
      message: 'MNIST cannot be downloaded: there is no network.',
    } as const;
    expect(step({ downloadProblem }, 'data')?.problem).toContain('can be imported');
    expect(step({ downloadProblem, installed: ['MNIST'] }, 'data')?.problem).toBeNull();
    expect(step({ deviceProblem: 'Nothing can train here.' }, 'train')?.problem).toBe(
      'Nothing can train here.',
    );
    expect(step({ runs: [runOf('failed')] }, 'watch')?.problem).toContain('out of memory');
    expect(step({ compilerRemedy: 'apt install gcc' }, 'export')?.problem).toContain('apt install gcc');
    expect(step({ verified: 'differs' }, 'export')?.problem).toContain('Parity');
  });

  it('leads to the run that trains, else to the finished one; with two of them to the table', () => {
    const finished = runOf('finished', 'r1');
    expect(step({}, 'watch')?.to).toBe('/runs');
    expect(step({ runs: [finished] }, 'watch')?.to).toBe('/runs/r1');
    expect(step({ runs: [runOf('running', 'r2'), finished] }, 'watch')?.to).toBe('/runs/r2');
    expect(step({ runs: [runOf('finished', 'r3'), finished] }, 'watch')?.to).toBe('/runs');
    expect(step({ runs: [finished] }, 'export')?.to).toBe('/export?run=r1');
  });

  it('offers no second download, and firmware only of what has been trained', () => {
    expect(step({}, 'data')?.help).toBe('Get MNIST');
    expect(step({ installed: ['MNIST'] }, 'data')?.help).toBeNull();
    expect(step({}, 'export')?.help).toBeNull();
    expect(step({ runs: [runOf('finished')] }, 'export')?.help).toBe('Write and verify a bundle');
    expect(step({ runs: [runOf('finished')], bundles: 1 }, 'export')?.help).toBe('Verify it');
  });
});

describe('guideComplete', () => {
  const facts: GuideFacts = {
    ...fresh,
    installed: ['MNIST'],
    seen: ['model', 'run'],
    runs: [runOf('finished')],
    bundles: 1,
  };
  const complete = (changes: Partial<GuideFacts>) =>
    guideComplete(stepsOf({ ...facts, ...changes }), { ...facts, ...changes });

  it('wants verified firmware, or a bundle where no compiler can verify it', () => {
    expect(complete({})).toBe(false);
    expect(complete({ verified: 'passed' })).toBe(true);
    expect(complete({ compilerRemedy: 'apt install gcc' })).toBe(true);
    expect(complete({ compilerRemedy: 'apt install gcc', bundles: 0 })).toBe(false);
    expect(complete({ verified: 'passed', installed: [] })).toBe(false);
  });
});
