/** How pictures of any size become samples of one size. */
export interface PictureChoice {
  /** Absent: the picture keeps its size. */
  size?: readonly [height: number, width: number];
  fit: PictureFit;
  /** Behind transparent pixels, and beside a picture that does not fill its frame. */
  background: 'black' | 'white';
}

/** `crop` fills the frame and cuts off what is over, `contain` shows all with bars beside it, `stretch` distorts. */
export const PICTURE_FITS = ['crop', 'contain', 'stretch'] as const;
export type PictureFit = (typeof PICTURE_FITS)[number];

/** The same pixels as one channel (ITU-R BT.601 luma in integers, rounded) or three; bytes are channels last. */
export function withChannels(bytes: Uint8Array, have: number, want: number): Uint8Array {
  if (have === want) return bytes;
  const pixels = bytes.length / have;
  const out = new Uint8Array(pixels * want);
  if (want === 1) {
    for (let i = 0; i < pixels; i++) {
      const at = i * have;
      out[i] = Math.floor((299 * bytes[at]! + 587 * bytes[at + 1]! + 114 * bytes[at + 2]! + 500) / 1000);
    }
  } else {
    for (let i = 0; i < pixels; i++) out.fill(bytes[i]!, i * want, (i + 1) * want);
  }
  return out;
}
