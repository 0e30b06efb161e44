import { html, Html, type Part } from './html.ts';

/** One self-contained page: no script, nothing from elsewhere; light, dark and print. */
export function pageOf(title: string, body: Part): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `;
  return page.text;
}

export interface Column {
  title: string;
  /** Text to the left; numbers, the default, to the right. */
  text?: boolean;
}

/** A table with a caption, in a box that scrolls by itself. The first column heads its row. */
export function tableOf(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Part[])[],
  foot?: readonly Part[],
): Html {
  const cell = (part: Part, index: number) => {
    const kind = columns[index]?.text ? 'text' : 'number';
    return index === 0
      ? html`<th scope="row" class="${kind}">${part}</th>`
      : html`<td class="${kind}">${part}</td>`;
  };
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, text }) => html`<th scope="col" class="${text ? 'text' : 'number'}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr> `,
        )}
      </tbody>
      ${
        foot
          ? html`<tfoot>
              <tr>
                ${foot.map(cell)}
              </tr>
            </tfoot>`
          : null
      }
    </table>
  </div>`;
}

/** Terms and what they are. */
export function factsOf(facts: readonly (readonly [string, Part])[]): Html {
  return html`<dl>
    ${facts.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div> `,
    )}
  </dl>`;
}

export function chapter(title: string, ...parts: readonly Part[]): Html {
  const id = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${parts.map((part) => html`${part} `)}
  </section> `;
}

/** Eight colours that keep 3:1 against the page in both themes, and of which neighbours are told apart. */
export const COLOURS = 8;

const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --band: #f6f8fa;
  --c0: #2f6fb0; --c1: #b35a00; --c2: #2b7a4b; --c3: #a13d63; --c4: #6f57b8; --c5: #7a6a00; --c6: #087a82; --c7: #6e7781;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1419; --ink: #e6edf3; --soft: #a3adb8; --line: #39424d; --band: #171d24;
    --c0: #6cb1ff; --c1: #f2a65a; --c2: #63c58a; --c3: #f08bb0; --c4: #b6a2f5; --c5: #d6c34a; --c6: #4cc9d1; --c7: #9aa5b1;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 36px 0 8px; padding-top: 12px; border-top: 1px solid var(--line); }
p { margin: 6px 0 10px; max-width: 76ch; }
.lead, .note, caption { color: var(--soft); }
.note { font-size: 13px; }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 10px 0 16px; }
.scroll:focus-visible { outline: 2px solid var(--c0); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13.5px; }
caption { text-align: left; padding: 0 0 6px; font-size: 13px; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { vertical-align: bottom; border-bottom: 2px solid var(--line); }
thead th, tfoot th, tfoot td { background: var(--band); }
tbody th { font-weight: 500; }
tfoot th, tfoot td { font-weight: 600; }
.text { text-align: left; }
.number { text-align: right; }
td.number, td code, tbody th { white-space: nowrap; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 0 28px; margin: 10px 0; }
dl div { display: flex; gap: 12px; padding: 3px 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); flex: 0 0 130px; }
dd { margin: 0; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px; margin: 16px 0; }
.figure { border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; }
.figure span { display: block; color: var(--soft); font-size: 13px; }
.figure strong { font-size: 20px; font-variant-numeric: tabular-nums; }
figure { margin: 14px 0 20px; }
figcaption { color: var(--soft); font-size: 13px; margin-bottom: 6px; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .axis { fill: var(--soft); font-size: 11px; }
svg .grid { stroke: var(--line); }
svg rect { stroke: var(--page); stroke-width: 1.5; }
${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `.c${n} { fill: var(--c${n}); background: var(--c${n}); }`).join('\n')}
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 8px 0 0; padding: 0; font-size: 13px; }
.legend i { display: inline-block; width: 11px; height: 11px; margin-right: 6px; border-radius: 2px; }
.changed { font-weight: 600; }
@media print {
  :root { --page: #fff; --ink: #000; --soft: #333; --line: #aaa; --band: #eee; }
  body { font-size: 10.5px; }
  main { max-width: none; padding: 0; }
  table { font-size: 9px; }
  th, td { padding: 2px 5px; }
  .scroll { overflow: visible; }
  section, figure { break-inside: avoid-page; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
