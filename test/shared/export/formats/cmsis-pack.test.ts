import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildAndRun, hasProgram } from '#test/support/build-bundle.ts';
import {
  bundleOf,
  expectedLines,
  missingIncludes,
  textOf,
  writeFiles,
} from '#test/support/bundle-formats.ts';
import { childOf, childrenOf, parseXml, type Xml } from '#test/support/xml.ts';

const files = bundleOf('cmsis-pack');
const paths = files.map((file) => file.path);

/** The patterns of the specification's PACK.xsd. */
const RESTRICTED = /^[-_A-Za-z0-9]+$/;
const PACK_VERSION =
  /^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;
const COMPONENT_VERSION = /^(0|[1-9]\d*)\.[0-9]+(\.[0-9]+)?(-[0-9a-zA-Z.-]+)?$/;
const PACKAGE_ELEMENTS = (
  'vendor name description url supportContact license licenseSets repository releases changelogs requirements ' +
  'keywords generators devices boards parts taxonomy part-taxonomy apis conditions examples clayers components'
).split(' ');
const COMPONENT_ELEMENTS = (
  'deprecated description RTE_Components_h Pre_Include_Global_h Pre_Include_Local_Component_h environments files ' +
  'extensions'
).split(' ');
const CATEGORIES = (
  'doc header include library object source sourceC sourceCpp sourceAsm linkerScript utility image other ' +
  'preIncludeGlobal preIncludeLocal'
).split(' ');

const description = (of: readonly { path: string; content: string }[]) => {
  const found = of.filter((file) => file.path.endsWith('.pdsc'));
  if (found.length !== 1 || !found[0]) throw new Error('a pack has one description');
  return { name: found[0].path, root: parseXml(found[0].content) };
};
const attribute = (element: Xml, name: string) => element.attributes.get(name) ?? '';
const componentsOf = (root: Xml) => childrenOf(childOf(root, 'components'), 'component');
const filesOf = (component: Xml | undefined, category: string, template = false) =>
  childrenOf(childOf(component, 'files'), 'file')
    .filter((file) => attribute(file, 'category') === category)
    .filter((file) => (attribute(file, 'attr') === 'template') === template)
    .map((file) => attribute(file, 'name'));

describe('a CMSIS-Pack', () => {
  it.each([
    'small net',
    'a',
    'a & b <c>',
    'a name that is much longer than anybody would want it to be, really',
  ])('has a description as the schema wants it (network %j)', (given) => {
    const { name, root } = description(bundleOf('cmsis-pack', 'host', given));
    expect(root.name).toBe('package');
    expect(attribute(root, 'schemaVersion')).toMatch(/^[0-9]+\.[0-9]+(\.[0-9]+)?$/);
    const names = root.children.map((child) => child.name);
    expect(new Set(names).size).toBe(names.length);
    for (const one of names) expect(PACKAGE_ELEMENTS).toContain(one);
    const vendor = childOf(root, 'vendor').text;
    const pack = childOf(root, 'name').text;
    expect(vendor).toMatch(RESTRICTED);
    expect(pack).toMatch(RESTRICTED);
    expect(name).toBe(`${vendor}.${pack}.pdsc`);
    expect(URL.canParse(childOf(root, 'url').text)).toBe(true);
    expect(childOf(root, 'description').text).not.toBe('');
    const releases = childrenOf(childOf(root, 'releases'), 'release');
    expect(releases).toHaveLength(1);
    for (const release of releases) expect(attribute(release, 'version')).toMatch(PACK_VERSION);
    for (const component of componentsOf(root)) {
      for (const child of component.children) expect(COMPONENT_ELEMENTS).toContain(child.name);
      expect(childOf(component, 'description').text).not.toBe('');
      expect(attribute(component, 'Cversion')).toMatch(COMPONENT_VERSION);
      for (const part of ['Cclass', 'Cgroup', 'Csub']) {
        expect(attribute(component, part)).toMatch(/^\S(.{1,30})\S$/);
      }
    }
  });

  it('names only files that are there, the licence too', () => {
    const { root } = description(files);
    for (const component of componentsOf(root)) {
      for (const file of childrenOf(childOf(component, 'files'), 'file')) {
        const name = attribute(file, 'name');
        expect(CATEGORIES).toContain(attribute(file, 'category'));
        if (name.endsWith('/'))
          expect(
            paths.some((one) => one.startsWith(name)),
            name,
          ).toBe(true);
        else expect(paths).toContain(name);
        if (attribute(file, 'attr') === 'template') expect(attribute(file, 'select')).not.toBe('');
      }
    }
    expect(paths).toContain(childOf(root, 'license').text);
    expect(attribute(childOf(childOf(childOf(root, 'licenseSets'), 'licenseSet'), 'license'), 'name')).toBe(
      'LICENSE',
    );
  });

  it('has every source of the network in its component, once', () => {
    const listed = filesOf(componentsOf(description(files).root)[0], 'source');
    expect(listed.toSorted()).toEqual(paths.filter((one) => /^(src|runtime)\/.*\.c$/.test(one)).toSorted());
  });

  it('has conditions that exist, and the self test requires the network', () => {
    const { root } = description(files);
    const conditions = childrenOf(childOf(root, 'conditions'), 'condition');
    const ids = conditions.map((condition) => attribute(condition, 'id'));
    expect(new Set(ids).size).toBe(ids.length);
    const [network, test] = componentsOf(root);
    for (const component of [network, test]) expect(ids).toContain(component?.attributes.get('condition'));
    const required = conditions
      .filter((condition) => attribute(condition, 'id') === test?.attributes.get('condition'))
      .flatMap((condition) => childrenOf(condition, 'require'));
    for (const one of required) {
      const nested = one.attributes.get('condition');
      if (nested !== undefined) expect(ids).toContain(nested);
    }
    const wanted = required.find((one) => one.attributes.has('Cclass'));
    for (const part of ['Cclass', 'Cgroup', 'Csub']) {
      expect(wanted?.attributes.get(part)).toBe(network?.attributes.get(part));
    }
    for (const condition of conditions) {
      for (const accept of childrenOf(condition, 'accept')) {
        expect(attribute(accept, 'Dcore')).toMatch(/^Cortex-M\d+[+P]?$/);
      }
    }
  });

  it('finds every include with the include folders that the components name', () => {
    const components = componentsOf(description(files).root);
    const library = filesOf(components[0], 'include');
    expect(missingIncludes(files, filesOf(components[0], 'source'), library)).toEqual([]);
    const both = components.flatMap((component) => filesOf(component, 'include'));
    const programs = [...filesOf(components[1], 'source'), ...filesOf(components[1], 'source', true)];
    expect(missingIncludes(files, programs, both)).toEqual([]);
  });
});

describe.skipIf(!hasProgram('gcc'))('CMSIS-Pack templates (need gcc)', () => {
  let folder = '';
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Builds both components as the description lists them, with one of the templates. */
  function run(template: string): string {
    folder = writeFiles(files);
    const components = componentsOf(description(files).root);
    const preInclude = childOf(components[1], 'Pre_Include_Global_h').text;
    const defines = [...preInclude.matchAll(/#define (\w+)/g)].map(([, one = '']) => one);
    const program = filesOf(components[1], 'source', true).find((one) => path.basename(one) === template);
    return buildAndRun(folder, {
      c: [...components.flatMap((component) => filesOf(component, 'source')), program ?? template],
      includes: components.flatMap((component) => filesOf(component, 'include')),
      defines,
    });
  }

  it('classify the golden sample as the reference does', () => {
    const expected = expectedLines(textOf(files, 'test/vectors.c'));
    expect(run('classify.c').trimEnd().split('\n')).toEqual(expected);
  });

  it('pass the self test with the observer of the pre-include', () => {
    expect(run('self_test_main.c')).toBe('PASS: 3 samples agree in every integer\n');
  });
});
