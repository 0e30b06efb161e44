import { Prec, StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, showTooltip, type Command, type Tooltip } from '@codemirror/view';
import type { z } from 'zod';
import { jsonOptions, type JsonOption } from './json-options.ts';
import { jsonPlaceAt, type JsonPlace } from './json-place.ts';

interface Offer {
  place: JsonPlace;
  options: JsonOption[];
  chosen: number;
}

const MOST = 12;
const setOffer = StateEffect.define<Offer | null>();
let lists = 0;

/** A list of what may be written here: while typing in quotes, or at Ctrl+Space. Arrows choose, Enter takes, Escape closes. */
export function jsonCompletion(schema: () => z.ZodType | undefined): Extension {
  const id = `json-options-${lists++}`;

  function offerAt(state: EditorState): Offer | null {
    const known = schema();
    const { main } = state.selection;
    const place = known && main.empty ? jsonPlaceAt(state, main.head) : null;
    if (!known || !place) return null;
    const options = jsonOptions(known, place).slice(0, MOST);
    const done = options.length === 1 && options[0]?.label === place.typed;
    return options.length === 0 || done ? null : { place, options, chosen: 0 };
  }

  const field: StateField<Offer | null> = StateField.define<Offer | null>({
    create: () => null,
    update(offer, transaction) {
      for (const effect of transaction.effects) if (effect.is(setOffer)) return effect.value;
      if (transaction.docChanged) {
        const typing = transaction.isUserEvent('input.type') || transaction.isUserEvent('delete.backward');
        if (!typing) return null;
        const next = offerAt(transaction.state);
        const quoted = next && transaction.state.sliceDoc(next.place.from, next.place.from + 1) === '"';
        return quoted || (offer && next) ? next : null;
      }
      return transaction.selection ? null : offer;
    },
    provide: (own) => [
      showTooltip.from(own, (offer) => (offer ? tooltipOf(offer, id) : null)),
      EditorView.contentAttributes.from(own, (offer): Record<string, string> => {
        const list = { 'aria-autocomplete': 'list' };
        return offer
          ? { ...list, 'aria-controls': id, 'aria-activedescendant': `${id}-${offer.chosen}` }
          : list;
      }),
    ],
  });

  const withOffer =
    (work: (view: EditorView, offer: Offer) => void): Command =>
    (view) => {
      const offer = view.state.field(field);
      if (!offer) return false;
      work(view, offer);
      return true;
    };
  const move = (by: number): Command =>
    withOffer((view, offer) => {
      const chosen = (offer.chosen + by + offer.options.length) % offer.options.length;
      view.dispatch({ effects: setOffer.of({ ...offer, chosen }) });
    });
  const close = withOffer((view) => view.dispatch({ effects: setOffer.of(null) }));
  const take = withOffer((view, offer) => {
    const option = offer.options[offer.chosen];
    if (option) insert(view, offer.place, option);
  });

  return [
    field,
    Prec.highest(
      keymap.of([
        {
          key: 'Ctrl-Space',
          run: (view) => {
            view.dispatch({ effects: setOffer.of(offerAt(view.state)) });
            return true;
          },
        },
        { key: 'ArrowDown', run: move(1) },
        { key: 'ArrowUp', run: move(-1) },
        { key: 'Enter', run: take },
        { key: 'Escape', run: close },
      ]),
    ),
    EditorView.domEventHandlers({
      blur: (_, view) => {
        if (view.state.field(field)) view.dispatch({ effects: setOffer.of(null) });
      },
    }),
  ];
}

function insert(view: EditorView, place: JsonPlace, option: JsonOption): void {
  const after = view.state.sliceDoc(place.to, place.to + 20);
  const text =
    place.kind === 'name' && /^\s*:/.test(after) ? option.insert.replace(/: $/, '') : option.insert;
  view.dispatch({
    changes: { from: place.from, to: place.to, insert: text },
    selection: { anchor: place.from + text.length },
    effects: setOffer.of(null),
    userEvent: 'input.complete',
  });
}

function tooltipOf({ place, options, chosen }: Offer, id: string): Tooltip {
  return {
    pos: place.from,
    above: false,
    create: (view) => {
      const dom = document.createElement('ul');
      dom.id = id;
      dom.className = 'json-options';
      dom.setAttribute('role', 'listbox');
      dom.setAttribute('aria-label', 'Completions');
      options.forEach((option, i) => {
        const row = document.createElement('li');
        row.id = `${id}-${i}`;
        row.textContent = option.label;
        row.setAttribute('role', 'option');
        row.setAttribute('aria-selected', String(i === chosen));
        row.addEventListener('mousedown', (event) => {
          event.preventDefault();
          insert(view, place, option);
        });
        dom.append(row);
      });
      return { dom };
    },
  };
}
