import type { JsonKey } from '#shared/base/json-document.ts';
import { addPhase } from '#shared/train/schedule/edit/phases.ts';
import { addPoint } from '#shared/train/schedule/edit/points.ts';
import { snapEpoch } from '#shared/train/schedule/edit/snap.ts';
import type { Schedule } from '#shared/train/schedule/schema.ts';
import type { ScheduleEditor } from './editor.ts';
import { isTrackWrong, scheduleKeys, segmentAt, segmentsOf, type Track } from './tracks.ts';

/**
 * The schedule that counts at a moment, with a point there; null where there is none, or it has one already.
 *
 * @param snap to whole epochs
 */
export function withPoint(
  editor: ScheduleEditor,
  track: Track,
  epoch: number,
  snap: boolean,
): { keys: JsonKey[]; schedule: Schedule; phase: number | null } | null {
  const { plan, wrong } = editor;
  const segment = segmentAt(segmentsOf(plan.value, track.id), epoch);
  if (!segment || isTrackWrong(wrong.value, track.id)) return null;
  const own = Math.min(segment.epochs, Math.max(0, epoch - segment.origin));
  const at = snap ? snapEpoch(own, [0, segment.epochs]) : Number(own.toFixed(4));
  const schedule = addPoint(segment.schedule, segment.epochs, at, track);
  if (schedule === segment.schedule) return null;
  return { keys: scheduleKeys(track.id, segment.scope), schedule, phase: segment.scope.phase };
}

/** Adds a point to the schedule that counts at a moment, and shows it in the panel. */
export function addPointAt(editor: ScheduleEditor, track: Track, epoch: number, snap: boolean): void {
  const added = withPoint(editor, track, epoch, snap);
  if (!added) return;
  editor.setSchedule(added.keys, added.schedule, `Add a point to ${track.title.toLowerCase()}`);
  editor.selection.value = { kind: 'schedule', quantity: track.id, phase: added.phase };
}

/** One more phase at the end, and its form. */
export function addPhaseAtEnd(editor: ScheduleEditor): void {
  editor.edit('Add a phase', addPhase(editor.training.value, editor.plan.value.epochs));
  editor.selection.value = { kind: 'phase', index: (editor.plan.value.phases?.length ?? 1) - 1 };
}
