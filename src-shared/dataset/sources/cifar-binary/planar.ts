/**
 * Turns planar images (all of channel 0, then all of channel 1, …) inside fixed records into channels-last ones.
 *
 * @param record bytes in a record; `skip` of them come before the image
 * @returns count · pixels · channels bytes
 */
export function planarToInterleaved(
  bytes: Uint8Array,
  count: number,
  record: number,
  skip: number,
  pixels: number,
  channels: number,
): Uint8Array {
  const out = new Uint8Array(count * pixels * channels);
  for (let i = 0; i < count; i++) {
    const from = i * record + skip;
    const to = i * pixels * channels;
    for (let c = 0; c < channels; c++) {
      const plane = from + c * pixels;
      for (let p = 0; p < pixels; p++) out[to + p * channels + c] = bytes[plane + p]!;
    }
  }
  return out;
}
