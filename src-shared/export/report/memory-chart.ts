import { whole } from './format-numbers.ts';
import { html, type Html } from './html.ts';
import { COLOURS } from './page-frame.ts';
import type { BundleReport } from './schema.ts';

interface Segment {
  title: string;
  bytes: number;
}

const WIDTH = 1000;

/** One bar, as wide as the largest of its kind; segments in their order, with a list of them beneath. */
function bar(title: string, segments: readonly Segment[], scale: number): Html {
  const shown = segments.filter(({ bytes }) => bytes > 0);
  const total = shown.reduce((sum, { bytes }) => sum + bytes, 0);
  const label = `${title}: ${shown.map((one) => `${one.title} ${whole(one.bytes)}`).join(', ')} bytes`;
  const begins = shown.map((_, index) => shown.slice(0, index).reduce((sum, { bytes }) => sum + bytes, 0));
  const x = (bytes: number) => round((bytes / Math.max(scale, 1)) * WIDTH);
  return html`<figure>
    <figcaption>${title}: ${whole(total)} bytes</figcaption>
    <svg viewBox="0 0 ${WIDTH} 34" role="img" aria-label="${label}">
      ${shown.map(
        (one, index) =>
          html`<rect
            class="c${index % COLOURS}"
            x="${x(begins[index] ?? 0)}"
            y="2"
            width="${Math.max(x(one.bytes), 0.5)}"
            height="30"
            ><title>${one.title}: ${whole(one.bytes)} bytes</title></rect
          > `,
      )}
    </svg>
    ${legend(shown)}
  </figure>`;
}

function legend(segments: readonly Segment[]): Html {
  return html`<ul class="legend">
    ${segments.map(
      ({ title, bytes }, index) => html`<li><i class="c${index % COLOURS}"></i>${title} ${whole(bytes)}</li>`,
    )}
  </ul>`;
}

/** Flash by layer and by what else is in it, and RAM. Planned numbers where nothing was measured. */
export function memoryBars(report: BundleReport): Html {
  const { measured, columns, layers } = report;
  const tables = layers.map((layer) => ({
    title: layer.id,
    bytes: layer.weightBytes + (layer.thresholdBytes ?? 0),
  }));
  const rest = columns.weightsFlash - tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const flash: Segment[] = [
    ...tables,
    { title: 'other tables', bytes: Math.max(rest, 0) },
    ...(measured
      ? [
          { title: 'kernels', bytes: measured.flash.kernels },
          { title: 'network', bytes: measured.flash.networkCode + measured.flash.networkConstants },
          { title: 'compiler’s library', bytes: measured.flash.compiler },
          { title: 'start-up', bytes: measured.flash.startup },
          { title: 'alignment', bytes: measured.flash.padding },
        ]
      : []),
  ];
  const ram: Segment[] = [
    { title: 'arena', bytes: columns.activationRam },
    { title: 'other variables', bytes: columns.runtimeRam ?? 0 },
    { title: 'stack (estimate)', bytes: columns.stack ?? 0 },
  ];
  const sum = (segments: readonly Segment[]) => segments.reduce((total, { bytes }) => total + bytes, 0);
  const scale = Math.max(sum(flash), sum(ram));
  const planned = measured ? '' : ' (planned: tables alone)';
  return html`${bar(`Flash${planned}`, flash, scale)}${bar(measured ? 'RAM' : 'RAM (planned: arena alone)', ram, scale)}`;
}

/** The arena over time: one column for each layer, one box for each buffer while it is in use. */
export function arenaChart({ arena, layers, columns }: BundleReport): Html | null {
  if (arena.length === 0 || layers.length === 0) return null;
  const left = 62;
  const height = 210;
  const step = (WIDTH - left) / layers.length;
  const y = (bytes: number) => round(8 + (bytes / Math.max(columns.activationRam, 1)) * height);
  const label = arena
    .map(({ id, offset, bytes }) => `${id}: ${whole(bytes)} bytes at ${whole(offset)}`)
    .join('; ');
  return html`<figure>
    <figcaption>
      The arena while the layers run, one after the other: what is where, and how long it stays.
    </figcaption>
    <svg viewBox="0 0 ${WIDTH} ${height + 34}" role="img" aria-label="Buffers of the arena: ${label}">
      ${[0, 0.5, 1].map((share) => {
        const at = y(columns.activationRam * share);
        return html`<line class="grid" x1="${left}" x2="${WIDTH}" y1="${at}" y2="${at}" /><text
            class="axis"
            x="${left - 6}"
            y="${at + 4}"
            text-anchor="end"
            >${whole(columns.activationRam * share)}</text
          > `;
      })}${arena.map((buffer, index) => {
        const x = round(left + buffer.from * step);
        const width = round((buffer.to - buffer.from + 1) * step);
        const tall = y(buffer.offset + buffer.bytes) - y(buffer.offset);
        return html`<rect
          class="c${index % COLOURS}"
          x="${x}"
          y="${y(buffer.offset)}"
          width="${width}"
          height="${round(Math.max(tall, 1))}"
          ><title>${buffer.id}: ${whole(buffer.bytes)} bytes at ${whole(buffer.offset)}</title></rect
        > `;
      })}${layers.map(
        ({ id }, index) =>
          html`<text
            class="axis"
            x="${round(left + (index + 0.5) * step)}"
            y="${height + 26}"
            text-anchor="middle"
            >${short(id, step)}</text
          > `,
      )}
    </svg>
    ${legend(arena.map(({ id, bytes }) => ({ title: id, bytes })))}
  </figure>`;
}

/** As much of a name as its column has room for. */
function short(name: string, width: number): string {
  const letters = Math.max(2, Math.floor(width / 6.5));
  return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
