import { syntaxTree } from '@codemirror/language';
import { RangeSetBuilder, type Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';

const MARKS: Record<string, Decoration> = {
  PropertyName: Decoration.mark({ class: 'json-name' }),
  String: Decoration.mark({ class: 'json-text' }),
  Number: Decoration.mark({ class: 'json-number' }),
  True: Decoration.mark({ class: 'json-word' }),
  False: Decoration.mark({ class: 'json-word' }),
  Null: Decoration.mark({ class: 'json-word' }),
};

function marksOf(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: ({ name, from: start, to: end }) => {
        const mark = MARKS[name];
        if (mark && end > start) builder.add(start, end, mark);
      },
    });
  }
  return builder.finish();
}

const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = marksOf(view);
    }
    update({ view, startState, state, docChanged, viewportChanged }: ViewUpdate): void {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state))
        this.decorations = marksOf(view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

const panelButton = {
  backgroundImage: 'none',
  backgroundColor: 'var(--ui-bg)',
  color: 'var(--ui-text)',
  border: '1px solid var(--ui-border-accented)',
  borderRadius: 'var(--ui-radius)',
  minHeight: '1.75rem',
};

/** Looks of the editor, in the window's own colours, so that it follows the theme by itself. */
const look = EditorView.theme({
  '&': { height: '100%', fontSize: '0.8rem', backgroundColor: 'transparent', color: 'var(--ui-text)' },
  '&.cm-focused': { outline: '2px solid var(--ui-primary)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ui-text-highlighted)', padding: '0.6rem 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ui-text-highlighted)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in oklab, var(--ui-primary) 28%, transparent) !important',
  },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--ui-text-dimmed)',
    border: 'none',
    paddingLeft: '0.25rem',
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in oklab, var(--ui-bg-accented) 35%, transparent)',
  },
  '.cm-foldGutter span': { cursor: 'pointer', padding: '0 0.2rem' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--ui-bg-elevated)',
    border: '1px solid var(--ui-border-accented)',
    color: 'var(--ui-text)',
    padding: '0 0.4rem',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--ui-border-accented)',
  },
  '.cm-panels': { backgroundColor: 'var(--ui-bg-muted)', color: 'var(--ui-text)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--ui-border)' },
  '.cm-panel.cm-search': { padding: '0.5rem 2.25rem 0.5rem 0.75rem' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', fontSize: '0.8rem' },
  '.cm-panel.cm-search input[type=checkbox]': { width: '1rem', height: '1rem' },
  '.cm-panel.cm-search [name=close]': {
    color: 'var(--ui-text)',
    width: '1.75rem',
    height: '1.75rem',
    fontSize: '1.1rem',
    cursor: 'pointer',
  },
  '.cm-textfield': { ...panelButton, fontSize: '0.8rem', padding: '0 0.5rem' },
  '.cm-button': { ...panelButton, fontSize: '0.8rem', padding: '0 0.6rem', cursor: 'pointer' },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in oklab, var(--ui-warning) 30%, transparent)' },
  '.cm-searchMatch-selected': { backgroundColor: 'color-mix(in oklab, var(--ui-warning) 55%, transparent)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--ui-bg-elevated)',
    color: 'var(--ui-text)',
    border: '1px solid var(--ui-border-accented)',
    borderRadius: 'var(--ui-radius)',
    maxWidth: '34rem',
  },
  '.cm-diagnostic': { fontFamily: 'var(--font-sans)', padding: '0.35rem 0.6rem' },
  '.json-options': { listStyle: 'none', margin: '0', padding: '0.2rem', minWidth: '12rem' },
  '.json-options li': { padding: '0.2rem 0.6rem', cursor: 'pointer', borderRadius: 'var(--ui-radius)' },
  '.json-options li[aria-selected=true]': {
    backgroundColor: 'var(--ui-primary)',
    color: 'var(--ui-bg)',
  },
  '.json-name': { color: 'var(--ui-text-highlighted)', fontWeight: '500' },
  '.json-text': { color: 'var(--ui-success)' },
  '.json-number': { color: 'var(--ui-info)' },
  '.json-word': { color: 'var(--ui-warning)' },
});

export const jsonTheme: Extension = [look, colours];
