import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, type Text } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { JsonMistake } from './json-mistake.ts';
import { jsonLines, lineOf } from './json-lines.ts';
import { jsonTheme } from './json-theme.ts';

/** Tab leaves the editor (WCAG 2.1.2), and Ctrl+Enter is the page's. */
const keys = defaultKeymap.filter(({ key }) => key !== 'Mod-Enter');

/** Everything that the editor can do; its label and what it tells the page come from the component. */
export const jsonSetup: Extension = [
  lineNumbers(),
  foldGutter(),
  lintGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of('  '),
  EditorState.tabSize.of(2),
  bracketMatching(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  EditorView.lineWrapping,
  json(),
  jsonTheme,
  keymap.of([...keys, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap]),
];

/** A problem with the line on which it shows. */
export interface PlacedProblem {
  path: string;
  text: string;
  /** Counts from 1. */
  line: number;
}

/** Where each problem is in the text; a text that is no JSON has only its mistake. */
export function placeProblems(
  text: string,
  mistake: JsonMistake | null,
  problems: readonly { path: string; text: string }[],
): PlacedProblem[] {
  if (mistake) return [{ path: '', text: mistake.text, line: mistake.line }];
  if (problems.length === 0) return [];
  const lines = jsonLines(text);
  return problems.map((problem) => ({ ...problem, line: lineOf(lines, problem.path) }));
}

/** The same for the editor: each underlines its line, a mistake its place. */
export function diagnosticsOf(
  doc: Text,
  mistake: JsonMistake | null,
  placed: readonly PlacedProblem[],
): Diagnostic[] {
  return placed.map(({ text, line }) => {
    const row = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const indent = row.text.length - row.text.trimStart().length;
    const from = mistake ? Math.min(mistake.at, doc.length) : row.from + indent;
    return { from, to: Math.max(from, row.to), severity: 'error', message: text };
  });
}
