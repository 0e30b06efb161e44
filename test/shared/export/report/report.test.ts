import { describe, expect, it } from 'vitest';
import { buildReport, withVerification } from '#shared/export/report/build-report.ts';
import { compareReports } from '#shared/export/report/compare.ts';
import { BundleComparisonSchema } from '#shared/export/report/comparison-schema.ts';
import { comparisonPage, vectorsText } from '#shared/export/report/comparison-page.ts';
import { escapeHtml, html } from '#shared/export/report/html.ts';
import { reportPage } from '#shared/export/report/page.ts';
import { measuredRows } from '#shared/export/report/readme-rows.ts';
import { BundleReportSchema, type BundleReport } from '#shared/export/report/schema.ts';
import { SAMPLE_SIZES, sampleFacts, sampleReport } from '#test/support/sample-report.ts';

const ROW = {
  core: 'cortex-m4',
  runner: 'qemu',
  ran: true,
  reason: null,
  matched: 3,
  total: 3,
  accuracy: null,
  instructionsPerInference: 1000,
  layers: [
    { id: 'act', instructions: 700 },
    { id: 'dense', instructions: 300 },
  ],
};

describe('buildReport', () => {
  it('fits its schema and names flash and RAM as ST’s model zoo does', () => {
    const report = sampleReport();
    expect(BundleReportSchema.parse(report)).toEqual(report);
    expect(report.columns).toEqual({
      weightsFlash: 60,
      codeFlash: 200 + 50 + 40 + 4,
      startupFlash: 46,
      totalFlash: 400,
      activationRam: 80,
      runtimeRam: 20,
      stack: 64,
      totalRam: 164,
    });
    const { weightsFlash, codeFlash, startupFlash, totalFlash } = report.columns;
    expect(weightsFlash + (codeFlash ?? 0) + (startupFlash ?? 0)).toBe(totalFlash);
  });

  it('has planned numbers alone where nothing was measured, and says how to measure', () => {
    const report = sampleReport({}, null);
    expect(report.columns).toMatchObject({
      weightsFlash: 60,
      activationRam: 80,
      totalFlash: null,
      totalRam: null,
    });
    expect(report.remedy).toContain('apt install');
    expect(reportPage(report)).toContain('Planned numbers only');
    expect(measuredRows(report)).toMatch(/not measured.*apt install/);
    expect(measuredRows(sampleReport())).toContain(
      '| Flash, measured | 400 bytes: 60 tables, 294 code, 46 start-up |',
    );
  });

  it('does not add up RAM without a bound on the stack', () => {
    const stack = {
      ...SAMPLE_SIZES.stack,
      bytes: null,
      path: [],
      indirect: [],
      recursion: ['f'],
      unbounded: [],
      unknown: [],
    };
    const report = buildReport(sampleFacts(), { ...SAMPLE_SIZES, stack }, null);
    expect(report.columns).toMatchObject({ stack: null, totalRam: null });
    expect(reportPage(report)).toMatch(/no bound[^]*call themselves: f/);
  });

  it('has every layer’s tables, operations, zeros and packings', () => {
    expect(sampleReport().layers[0]).toMatchObject({
      id: 'act',
      kernel: 'bs_conv2d_planes_u8',
      packing: 'delta',
      weightBytes: 16,
      thresholdBytes: 24,
      activationBytes: 2,
      scratchBytes: 12,
      weights: 8,
      nonzeros: 6,
      macs: [{ weights: 'TERNARY', activations: 'UINT8', macs: 8 }],
      sparsity: [{ id: 'conv', weights: { count: 8, zeroWords: 0.25 } }],
      estimatedInstructions: 1600,
      measuredInstructions: null,
      alternatives: [{ packing: 'masks', weightBytes: 18, estimatedInstructions: 800 }],
    });
  });

  it('takes the counted instructions of the target’s own core', () => {
    const other = { ...ROW, core: 'cortex-m0', layers: [{ id: 'act', instructions: 9999 }] };
    const report = withVerification(sampleReport(), { passed: true, rows: [other, ROW] });
    expect(report.layers.map((layer) => layer.measuredInstructions)).toEqual([700, 300, null]);
    expect(BundleReportSchema.parse(report)).toEqual(report);
    const page = reportPage(report);
    expect(page).toContain('counted on cortex-m4');
    expect(page).toContain('70.0 %');
  });
});

describe('pages', () => {
  const hostile = '<img src=x onerror=alert(1)>"\'&';
  const pages = (report: BundleReport) => [
    reportPage(report),
    comparisonPage(compareReports(report, sampleReport())),
  ];

  it('escape every text of a bundle', () => {
    expect(escapeHtml(hostile)).toBe('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(html`<p title="${hostile}">${[html`<b>1</b>`, hostile]}</p>`.text).toBe(
      `<p title="${escapeHtml(hostile)}"><b>1</b>${escapeHtml(hostile)}</p>`,
    );
    const facts = sampleFacts();
    const report = sampleReport(
      {
        name: hostile,
        targetTitle: hostile,
        options: { [hostile]: hostile },
        provenance: { ...facts.provenance, dataset: hostile, run: hostile },
        layers: facts.layers.map((layer) => ({ ...layer, kernel: hostile, kind: hostile, packing: hostile })),
        arena: [{ id: hostile, offset: 0, bytes: 1, from: 0, to: 0 }],
      },
      { ...SAMPLE_SIZES, compiler: hostile, kernels: [{ name: hostile, bytes: 1 }] },
    );
    const verified = withVerification(report, {
      passed: false,
      rows: [{ ...ROW, runner: hostile, reason: hostile }],
    });
    for (const page of pages(verified)) {
      expect(page).toContain('&lt;img src=x');
      expect(page).not.toContain('<img');
      expect(page).not.toMatch(/(title|aria-label)="[^"]*<img/);
    }
  });

  it('need nothing from elsewhere and run nothing', () => {
    for (const page of pages(sampleReport())) {
      expect(page).not.toMatch(/<script|<link|<iframe|<object|\ssrc=|href=|url\(|@import|https?:/i);
      expect(page).toContain(`content="default-src 'none'`);
      expect(page.match(/<table/g)?.length).toBe(page.match(/<caption/g)?.length);
    }
  });
});

describe('compareReports', () => {
  const a = sampleReport();

  it('finds no difference between a bundle and itself', () => {
    const comparison = compareReports(a, a);
    expect(BundleComparisonSchema.parse(comparison)).toEqual(comparison);
    expect(comparison).toMatchObject({ added: [], removed: [], options: [], provenance: [] });
    expect(comparison.layers.map((layer) => layer.differs)).toEqual([false, false, false]);
    expect(comparison.vectors).toMatchObject({ sameInputs: 2, sameLogits: 2, firstDifference: null });
    expect(comparison.columns['totalFlash']).toEqual({ a: 400, b: 400, difference: 0 });
  });

  it('tells sizes, sections, kernels, layers, options and origins that differ', () => {
    const facts = sampleFacts();
    const [first, dense, last] = facts.layers;
    if (!first || !dense || !last) throw new Error('three layers');
    const b = sampleReport(
      {
        layers: [
          { ...first, kernel: 'bs_conv2d_sliced', packing: 'masks', weightBytes: 20 },
          { ...last, id: 'new' },
          last,
        ],
        options: { ...facts.options, objective: 'flash' },
        provenance: { ...facts.provenance, seed: 2 },
      },
      {
        ...SAMPLE_SIZES,
        flashBytes: 420,
        sections: [{ name: '.text', bytes: 320, memory: 'flash' }],
        kernels: [{ name: 'bs_conv2d_sliced', bytes: 220 }],
      },
    );
    const comparison = compareReports(a, b);
    expect(comparison.columns['totalFlash']).toEqual({ a: 400, b: 420, difference: 20 });
    expect(comparison.sections).toContainEqual({ name: '.text', bytes: { a: 300, b: 320, difference: 20 } });
    expect(comparison.sections).toContainEqual({
      name: '.bss',
      bytes: { a: 100, b: 0, difference: -100 },
    });
    expect(comparison.kernels).toEqual([
      { name: 'bs_conv2d_sliced', bytes: { a: 0, b: 220, difference: 220 } },
      { name: 'bs_conv2d_planes_u8', bytes: { a: 200, b: 0, difference: -200 } },
    ]);
    expect(comparison).toMatchObject({ added: ['new'], removed: ['dense'] });
    expect(comparison.layers[0]).toMatchObject({
      id: 'act',
      kernel: { a: 'bs_conv2d_planes_u8', b: 'bs_conv2d_sliced' },
      packing: { a: 'delta', b: 'masks' },
      weightBytes: { a: 16, b: 20, difference: 4 },
      differs: true,
    });
    expect(comparison.options).toEqual([{ field: 'objective', a: 'balanced', b: 'flash' }]);
    expect(comparison.provenance).toEqual([{ field: 'seed', a: '1', b: '2' }]);
  });

  it('finds the first golden vector and the first layer that differ', () => {
    const golden = a.golden;
    if (!golden) throw new Error('vectors');
    const [one = [], two = []] = golden.logits;
    const b = sampleReport({
      golden: {
        ...golden,
        logits: [one, two.map((logit) => logit + 1)],
        crcs: [
          [1, 2, 3],
          [4, 55, 66],
        ],
      },
    });
    const { vectors } = compareReports(a, b);
    expect(vectors).toMatchObject({
      sameInputs: 2,
      sameLogits: 1,
      firstDifference: { sample: 1, layer: 'dense' },
    });
    expect(vectorsText(compareReports(a, b))).toMatch(
      /1 of 2 have the same logits.*sample 1, in layer dense/,
    );
    const other = sampleReport({ golden: { ...golden, inputs: ['x'.repeat(64), golden.inputs[1] ?? ''] } });
    expect(compareReports(a, other).vectors).toMatchObject({
      sameInputs: 1,
      sameLogits: 1,
      firstDifference: null,
    });
    expect(compareReports(a, sampleReport({ golden: null })).vectors).toBeNull();
  });

  it('compares what verifications counted, core by core', () => {
    const verified = (count: number) =>
      withVerification(a, { passed: true, rows: [{ ...ROW, instructionsPerInference: count }] });
    expect(compareReports(verified(1000), verified(800)).instructions).toEqual([
      { core: 'cortex-m4', count: { a: 1000, b: 800, difference: -200 } },
    ]);
  });
});
