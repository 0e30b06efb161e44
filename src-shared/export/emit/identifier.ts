/** Words that C99, C11, C23 or C++ keep for themselves, and names that the generated code uses. */
const RESERVED = new Set(
  (
    'alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl concept const consteval ' +
    'constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do double ' +
    'dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace ' +
    'new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires ' +
    'restrict return short signed sizeof static static_assert static_cast struct switch template this thread_local ' +
    'throw true try typedef typeid typename typeof typeof_unqual union unsigned using virtual void volatile wchar_t ' +
    'while xor xor_eq main network input output logits arena base status observe user'
  ).split(' '),
);

/** Whether a name may be used in C and C++ sources as it is. */
export function isIdentifier(name: string): boolean {
  return /^[a-z][a-z0-9_]{0,40}$/i.test(name) && !RESERVED.has(name) && !name.includes('__');
}

/**
 * A legal C identifier in lower case that resembles `text`: `lenet-5` becomes `lenet_5`, `2 layers` becomes
 * `net_2_layers`. The same text gives the same name.
 */
export function toIdentifier(text: string, prefix = 'net'): string {
  const slug = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 32)
    .replace(/_+$/, '');
  if (isIdentifier(slug)) return slug;
  return slug === '' ? prefix : `${prefix}_${slug}`;
}

/** Identifiers for many names, all different, in order. */
export function uniqueIdentifiers(names: readonly string[], prefix: string): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const wanted = toIdentifier(name, prefix);
    let identifier = wanted;
    for (let n = 2; used.has(identifier); n++) identifier = `${wanted}_${n}`;
    used.add(identifier);
    return identifier;
  });
}
