import { json } from '@codemirror/lang-json';
import { ensureSyntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { RunConfigSchema } from '#shared/run/config.ts';
import { jsonOptions } from '#renderer/components/json/json-options.ts';
import { jsonPlaceAt } from '#renderer/components/json/json-place.ts';

/** @param text `|` marks the cursor */
function offered(text: string): string[] {
  const at = text.indexOf('|');
  const state = EditorState.create({ doc: text.replace('|', ''), extensions: json() });
  ensureSyntaxTree(state, state.doc.length, 1e6);
  const place = jsonPlaceAt(state, at);
  return place ? jsonOptions(RunConfigSchema, place).map(({ insert }) => insert) : [];
}

describe('what may be written', () => {
  it('in the document: fields that are not there yet', () => {
    const names = offered('{ "name": "x", "| }');
    expect(names).toContain('"dataset": ');
    expect(names).not.toContain('"name": ');
    expect(offered('{ "name": "x", "ini|" }')).toEqual(['"initialize": ']);
  });
  it('in an object of one of several kinds: the fields of its kind', () => {
    const names = offered('{"training": {"optimizer": {"kind": "sgd", "|}}}');
    expect(names).toContain('"nesterov": ');
    expect(names).not.toContain('"beta1": ');
  });
  it('as a value: where there are few', () => {
    expect(offered('{"training": {"optimizer": {"kind": "|"}}}')).toEqual(['"sgd"', '"adam"', '"adamw"']);
    expect(offered('{"device": "w|"}')).toEqual(['"webgpu"', '"wasm"']);
    expect(offered('{"dataset": {"augmentation": {"flip": |}}}')).toEqual(['false', 'true']);
    expect(offered('{"seed": |}')).toEqual([]);
  });
  it('inside lists, and in text that is broken further down', () => {
    const names = offered('{"training": {"phases": [{"epochs": 1}, {"|}], "x": ');
    expect(names).toContain('"freeze": ');
  });
});
