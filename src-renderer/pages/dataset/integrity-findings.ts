import { NEIGHBOURS, TRUSTED_AGREEMENT, type IntegrityReport } from '#shared/dataset/integrity.ts';
import { count, percent } from '../../components/base/format.ts';

export interface Finding {
  id: string;
  title: string;
  text: string;
  level: 'good' | 'note' | 'bad';
}

/** Below the trust in likeness nothing is listed, and the reader is told how else to find such labels. */
function unusualFinding(unusual: IntegrityReport['unusual'], samples: number): Finding {
  const base = { id: 'unusual', title: 'Labels unlike their neighbours’' };
  if (!unusual) return { ...base, level: 'note', text: 'too few training samples to compare' };
  const agreement = percent(unusual.agreement);
  if (unusual.agreement < TRUSTED_AGREEMENT) {
    return {
      ...base,
      level: 'note',
      text: `not told by likeness here: neighbours agree with only ${agreement} of the labels. A trained run’s confusion matrix shows the samples that it is surest are something else`,
    };
  }
  const rest = `neighbours agree with ${agreement} of the labels`;
  return unusual.count === 0
    ? { ...base, level: 'good', text: `${FINE}; ${rest}` }
    : {
        ...base,
        level: 'note',
        text: `${count(unusual.count)} of ${count(samples)} samples: all ${NEIGHBOURS} nearest training samples carry one other label; ${rest}`,
      };
}

const FINE = 'none';

/** A report in words: one line for each thing that was looked for. Pure. */
export function findingsOf(report: IntegrityReport): Finding[] {
  const { duplicates, constant, outOfRange, unreadable, unusual, checksum, samples } = report;
  const same = checksum.expected === checksum.found;
  const of = (found: number, all: number, what: string) =>
    found === 0 ? FINE : `${count(found)} of ${count(all)} ${what}`;
  const line = (id: string, title: string, found: number, text: string, level: 'note' | 'bad'): Finding => ({
    id,
    title,
    text,
    level: found === 0 ? 'good' : level,
  });
  return [
    {
      id: 'checksum',
      title: 'Bytes on disk',
      text: same
        ? 'as installed (SHA-256 agrees)'
        : `changed since they were installed: SHA-256 is ${checksum.found}`,
      level: same ? 'good' : 'bad',
    },
    line(
      'unreadable',
      'Files that could not be read',
      unreadable.count,
      unreadable.count === 0
        ? FINE
        : `${count(unreadable.count)} ${unreadable.count === 1 ? 'file was' : 'files were'} left out of the set`,
      'bad',
    ),
    line(
      'labels',
      'Labels without a class',
      outOfRange.count,
      of(outOfRange.count, samples.train + samples.test, 'samples'),
      'bad',
    ),
    line(
      'conflicting',
      'Equal images with different labels',
      duplicates.conflicting,
      duplicates.conflicting === 0
        ? FINE
        : `${count(duplicates.conflicting)} ${duplicates.conflicting === 1 ? 'group' : 'groups'}: at least one of the labels is wrong`,
      'bad',
    ),
    unusualFinding(unusual, samples.train + samples.test),
    line(
      'across',
      'Test samples that are also trained on',
      duplicates.across,
      duplicates.across === 0
        ? FINE
        : `${of(duplicates.across, samples.test, 'test samples')}: they measure memory`,
      'bad',
    ),
    line(
      'train',
      'Repeated training samples',
      duplicates.train,
      of(duplicates.train, samples.train, 'training samples'),
      'note',
    ),
    line(
      'test',
      'Repeated test samples',
      duplicates.test,
      of(duplicates.test, samples.test, 'test samples'),
      'note',
    ),
    line(
      'constant',
      'Images of a single value',
      constant.count,
      of(constant.count, samples.train + samples.test, 'samples'),
      'note',
    ),
  ];
}
