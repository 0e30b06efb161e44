/** Units that compete with each other and, in a global ranking, with those of other entries. */
export interface RankEntry {
  importance: Float64Array;
  /** What each unit counts; null: one. */
  measure: Float64Array | null;
  /** 1 for units that must stay masked; null: none. */
  frozen: Uint8Array | null;
}

/**
 * Masks the least important units until their measure comes nearest to the wanted share of the total N; where all
 * count one, exactly k = max(round(N · (1 − sparsity)), 1) stay. Frozen units are masked whatever the share is. The most
 * important unit of each entry always stays. A value that is not a number counts as infinitely important, so that a
 * network that has diverged keeps its shape.
 *
 * @returns for each entry 1 for units that stay, else 0
 */
export function chooseKept(entries: readonly RankEntry[], sparsity: number): Uint8Array[] {
  const kept = entries.map(({ importance }) => new Uint8Array(importance.length).fill(1));
  const most = entries.reduce((sum, { importance }) => sum + importance.length, 0);
  const entryOf = new Uint32Array(most);
  const unitOf = new Uint32Array(most);
  const importanceOf = new Float64Array(most);
  let candidates = 0;
  let total = 0;
  let masked = 0;
  entries.forEach(({ importance, measure, frozen }, entry) => {
    const saved = strongest(importance, frozen);
    for (let unit = 0; unit < importance.length; unit++) {
      const counts = measure?.[unit] ?? 1;
      total += counts;
      if (unit === saved) continue;
      if (frozen?.[unit] === 1) {
        close(kept[entry], unit);
        masked += counts;
        continue;
      }
      entryOf[candidates] = entry;
      unitOf[candidates] = unit;
      importanceOf[candidates++] = orderable(importance[unit]);
    }
  });
  const target = total - Math.max(Math.round(total * (1 - sparsity)), 1);
  const competing = importanceOf.subarray(0, candidates);
  const equal = entries.every(({ measure }) => measure === null);
  for (const candidate of equal ? weakest(competing, target - masked) : ascending(competing)) {
    const [entry, unit] = [entryOf[candidate] ?? 0, unitOf[candidate] ?? 0];
    const counts = entries[entry]?.measure?.[unit] ?? 1;
    if (masked + counts / 2 > target) break;
    close(kept[entry], unit);
    masked += counts;
  }
  return kept;
}

function close(flags: Uint8Array | undefined, unit: number): void {
  if (flags) flags[unit] = 0;
}

/** The most important unit, of those that are not frozen where there are any. */
function strongest(importance: Float64Array, frozen: Uint8Array | null): number {
  const open = frozen === null || frozen.some((flag) => flag !== 1);
  let best = -1;
  for (let unit = 0; unit < importance.length; unit++) {
    if (open && frozen?.[unit] === 1) continue;
    if (best < 0 || orderable(importance[unit]) > orderable(importance[best])) best = unit;
  }
  return best;
}

/** Indices from the least important on. */
function ascending(importance: Float64Array): Uint32Array {
  const order = new Uint32Array(importance.length).map((_, i) => i);
  return order.sort((a, b) => (importance[a] ?? 0) - (importance[b] ?? 0) || spread(a) - spread(b));
}

/** The `count` least important indices, in any order: what takes millions of weights apart without ordering them all. */
function weakest(importance: Float64Array, count: number): Uint32Array {
  if (count <= 0) return new Uint32Array();
  const chosen = new Uint32Array(Math.min(count, importance.length));
  const threshold = smallest(importance.slice(), chosen.length - 1);
  const ties: number[] = [];
  let below = 0;
  for (let i = 0; i < importance.length; i++) {
    const value = importance[i] ?? 0;
    if (value < threshold) chosen[below++] = i;
    else if (value === threshold) ties.push(i);
  }
  ties.sort((a, b) => spread(a) - spread(b));
  chosen.set(ties.slice(0, chosen.length - below), below);
  return chosen;
}

/** The value that has `rank` others before it in ascending order (Hoare's selection); changes the order of `values`. */
function smallest(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] ?? 0;
    let i = low - 1;
    let j = high + 1;
    for (;;) {
      do i++;
      while ((values[i] ?? 0) < pivot);
      do j--;
      while ((values[j] ?? 0) > pivot);
      if (i >= j) break;
      const held = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = held;
    }
    if (rank <= j) high = j;
    else low = j + 1;
  }
  return values[rank] ?? 0;
}

/** Finite, so that two of them have a difference. */
function orderable(importance: number | undefined): number {
  return importance === undefined || Number.isNaN(importance)
    ? Number.MAX_VALUE
    : Math.min(importance, Number.MAX_VALUE);
}

/**
 * Equal ones go in an order that is spread evenly over their indices (multiples of the golden ratio), so that discrete
 * weights, which are equal by the thousand, do not lose one corner of the kernel first. A bijection on 32 bits.
 */
function spread(index: number): number {
  return Math.imul(index, 0x9e3779b1) >>> 0;
}
