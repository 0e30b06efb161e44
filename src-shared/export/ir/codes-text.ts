/**
 * Weight codes as text in a manifest. Ternary codes are written as a string over `-0+`, one character for a weight, so
 * that a person can read them and a diff shows them; other codes as two hexadecimal digits each.
 */
export type CodesText = { ternary: string } | { hex: string };

export function encodeCodes(codes: Int8Array): CodesText {
  const ternary = codes.every((code) => code >= -1 && code <= 1);
  if (ternary) return { ternary: Array.from(codes, (code) => '-0+'.charAt(code + 1)).join('') };
  return { hex: Array.from(codes, (code) => (code & 255).toString(16).padStart(2, '0')).join('') };
}

/** The reverse; undefined when a character is not one of the form's. */
export function decodeCodes(text: CodesText): Int8Array | undefined {
  if ('ternary' in text) {
    const codes = Int8Array.from(text.ternary, (character) => '-0+'.indexOf(character) - 1);
    return /^[-0+]*$/.test(text.ternary) ? codes : undefined;
  }
  if (!/^([0-9a-f]{2})*$/.test(text.hex)) return undefined;
  const codes = new Int8Array(text.hex.length / 2);
  for (let i = 0; i < codes.length; i++) codes[i] = Number.parseInt(text.hex.slice(2 * i, 2 * i + 2), 16);
  return codes;
}
