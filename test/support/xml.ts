/** An element of an XML document. */
export interface Xml {
  name: string;
  attributes: Map<string, string>;
  children: Xml[];
  text: string;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads well-formed XML without DTD, comments or CDATA; anything else is an error. */
export function parseXml(document: string): Xml {
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, '');
  const root: Xml = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  const plain = (text: string) =>
    text.replace(/&(\w*);?|[<>]/g, (whole, name: string | undefined) => {
      const character = ENTITIES[name ?? ''];
      if (character === undefined || !whole.endsWith(';')) throw new Error(`not well formed: ${whole}`);
      return character;
    });
  for (const [, text = '', close, name, attributes = '', empty] of body.matchAll(
    /([^<]*)<(?:\/([\w:-]+)\s*|([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?))>/gy,
  )) {
    const parent = open.at(-1) ?? root;
    parent.text += plain(text);
    if (close !== undefined) {
      if (open.pop()?.name !== close) throw new Error(`</${close}> closes nothing`);
      continue;
    }
    const element: Xml = { name: name ?? '', attributes: new Map(), children: [], text: '' };
    for (const [, key = '', value = ''] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
      if (element.attributes.has(key)) throw new Error(`attribute ${key} twice`);
      element.attributes.set(key, plain(value));
    }
    parent.children.push(element);
    if (!empty) open.push(element);
  }
  const [document0] = root.children;
  const end = body.trimEnd().endsWith(`</${document0?.name ?? ''}>`);
  if (open.length !== 1 || root.children.length !== 1 || !document0 || !end)
    throw new Error('not one document');
  return document0;
}

export function childrenOf(element: Xml | undefined, name: string): Xml[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The only child of that name. @throws Error when there is none, or more than one */
export function childOf(element: Xml | undefined, name: string): Xml {
  const [only, ...more] = childrenOf(element, name);
  if (!only || more.length > 0) throw new Error(`${element?.name ?? ''} has not one ${name}`);
  return only;
}
