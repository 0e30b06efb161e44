import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Command } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import { comparisonPage } from '#shared/export/report/comparison-page.ts';
import type { BundleComparison } from '#shared/export/report/comparison-schema.ts';
import { reportPage } from '#shared/export/report/page.ts';
import type { BundleReport } from '#shared/export/report/schema.ts';
import { writeFileAtomic } from '../../platform/files.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { ProgressLine } from '../output.ts';
import { finishTask, withHost } from '../session.ts';
import { comparisonText, reportText } from './report-text.ts';

interface ReportOptions extends CommonOptions {
  out?: string;
  html?: boolean;
  measure?: boolean;
}

/** `bitsmith report BUNDLE` and `bitsmith report A B`. */
export function addReportCommand(program: Command): void {
  withCommon(
    program
      .command('report')
      .description('what a bundle takes and does; with two bundles, what differs between them')
      .argument('<bundle>', 'bundle folder or id')
      .argument('[other]', 'a second bundle to compare with the first')
      .option('--out <folder>', 'write the report as files there: HTML and JSON, or one of them')
      .option('--html', 'as one HTML page')
      .option('--measure', 'compile and link again, although the bundle says what its export measured'),
  ).action(async (bundle: string, other: string | undefined, options: ReportOptions) => {
    const measure = options.measure ?? false;
    const folder = options.out === undefined ? undefined : requireNoBundle(path.resolve(options.out));
    if (folder === undefined && options.html && options.json) {
      throw new BitsmithError('invalid-input', '--html and --json: both are possible with --out only');
    }
    await withHost(options, async (host) => {
      const { task } =
        other === undefined
          ? await host.services.export.report({ bundle, measure })
          : await host.services.export.compareBundles({ a: bundle, b: other, measure });
      const result = await finishTask(host, task, new ProgressLine());
      present(
        other === undefined
          ? shownReport(result as BundleReport)
          : shownComparison(result as BundleComparison),
        options,
        folder,
      );
    });
  });
}

/** A result in its three forms, and the name of its files. */
interface Shown {
  name: string;
  json: unknown;
  page: () => string;
  text: () => string;
}

function shownReport(report: BundleReport): Shown {
  return { name: 'report', json: report, page: () => reportPage(report), text: () => reportText(report) };
}

function shownComparison(comparison: BundleComparison): Shown {
  return {
    name: 'comparison',
    json: comparison,
    page: () => comparisonPage(comparison),
    text: () => comparisonText(comparison),
  };
}

function present(
  { name, json, page, text }: Shown,
  options: ReportOptions,
  folder: string | undefined,
): void {
  const serialized = JSON.stringify(json, null, 2);
  if (folder !== undefined) {
    const both = Boolean(options.html) === Boolean(options.json);
    if (both || options.json) writeFileAtomic(path.join(folder, `${name}.json`), `${serialized}\n`);
    if (both || options.html) writeFileAtomic(path.join(folder, `${name}.html`), page());
  }
  if (options.json) console.log(serialized);
  else if (options.html && folder === undefined) console.log(page().trimEnd());
  else console.log(folder === undefined ? text() : `${text()}\n\nwritten to ${folder}`);
}

/** @throws BitsmithError `conflict`: the checksums of a bundle tell its files, its own report among them */
function requireNoBundle(folder: string): string {
  if (fs.existsSync(path.join(folder, 'manifest.json'))) {
    throw new BitsmithError('conflict', `--out ${folder} is a bundle, whose files stay as they are`, {
      path: folder,
    });
  }
  return folder;
}
