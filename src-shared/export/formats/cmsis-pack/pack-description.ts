import type { BundleFile, Emission } from '../../emit/types.ts';
import { librarySources, publicIncludes, type Layout } from '../layout.ts';
import {
  LICENCE_ID,
  packageParagraph,
  packageSentence,
  packageVersion,
  PLACEHOLDER_URL,
} from '../package-facts.ts';

export const VENDOR = 'Bitsmith';
const CLASS = 'Machine Learning';
const GROUP = 'Bitsmith';
const TEST_GROUP = 'Bitsmith Self Test';
/** Versions of components have no build metadata. */
const COMPONENT_VERSION = '1.0.0';
const CORES = [
  'Cortex-M0',
  'Cortex-M0+',
  'Cortex-M1',
  'Cortex-M3',
  'Cortex-M4',
  'Cortex-M7',
  'Cortex-M23',
  'Cortex-M33',
  'Cortex-M35P',
  'Cortex-M55',
  'Cortex-M85',
];

/** Csub: 3 to 32 characters. */
export function componentName({ name }: Emission): string {
  return (name.length < 3 ? `net_${name}` : name).slice(0, 32).replace(/_+$/, '');
}

/** `<vendor>.<name>.pdsc`, and `<vendor>.<name>.<version>.pack` for the archive. */
export function packFiles(emission: Emission): { description: string; archive: string } {
  const base = `${VENDOR}.${emission.name}`;
  return { description: `${base}.pdsc`, archive: `${base}.${packageVersion(emission)}.pack` };
}

export const PROGRAMS = { classify: 'templates/classify.c', selfTest: 'templates/self_test_main.c' } as const;

/** The pack description of the Open-CMSIS-Pack specification, schema 1.7.7. */
export function packDescription(files: readonly BundleFile[], emission: Emission, layout: Layout): string {
  const file = (category: string, name: string, more = '') =>
    `        <file category="${category}" name="${escapeXml(name)}"${more}/>`;
  const template = (name: string, select: string) =>
    file('source', name, ` attr="template" select="${escapeXml(select)}"`);
  const library = [
    file('doc', 'README.md'),
    ...publicIncludes(layout).map((folder) => file('include', `${folder}/`)),
    file('header', `${layout.include}/${emission.name}.h`),
    file('header', `${layout['runtime/include']}/bitsmith.h`),
    ...librarySources(files, layout).map((path) => file('source', path)),
  ];
  const test = [
    file('include', `${layout.test}/`),
    file('include', `${layout.verify}/`),
    file('header', `${layout.test}/self_test.h`),
    file('header', `${layout.test}/vectors.h`),
    file('header', `${layout.verify}/network.h`),
    file('source', `${layout.test}/self_test.c`),
    file('source', `${layout.test}/vectors.c`),
    template(PROGRAMS.classify, `Classify one sample with ${emission.name}`),
    template(PROGRAMS.selfTest, `Self test of ${emission.name}`),
  ];
  const sub = escapeXml(componentName(emission));
  return `<?xml version="1.0" encoding="UTF-8"?>
<package schemaVersion="1.7.7" xmlns:xs="http://www.w3.org/2001/XMLSchema-instance" xs:noNamespaceSchemaLocation="https://raw.githubusercontent.com/Open-CMSIS-Pack/Open-CMSIS-Pack-Spec/v1.7.7/schema/PACK.xsd">
  <vendor>${VENDOR}</vendor>
  <name>${escapeXml(emission.name)}</name>
  <description>${escapeXml(packageSentence(emission))}</description>
  <url>${PLACEHOLDER_URL}</url>
  <license>LICENSE</license>
  <licenseSets>
    <licenseSet id="all" default="true" gating="false">
      <license name="LICENSE" title="Apache License 2.0" spdx="${LICENCE_ID}"/>
    </licenseSet>
  </licenseSets>
  <releases>
    <release version="${escapeXml(packageVersion(emission))}">
      ${escapeXml(packageParagraph(emission))}
    </release>
  </releases>
  <keywords>
    <keyword>neural network</keyword>
    <keyword>quantized</keyword>
  </keywords>
  <taxonomy>
    <description Cclass="${CLASS}">Machine learning</description>
  </taxonomy>
  <conditions>
    <condition id="Cortex-M">
      <description>A core whose int has 32 bits</description>
${CORES.map((core) => `      <accept Dcore="${core}"/>`).join('\n')}
    </condition>
    <condition id="Network">
      <description>The network that is tested</description>
      <require condition="Cortex-M"/>
      <require Cclass="${CLASS}" Cgroup="${GROUP}" Csub="${sub}"/>
    </condition>
  </conditions>
  <components>
    <component Cclass="${CLASS}" Cgroup="${GROUP}" Csub="${sub}" Cversion="${COMPONENT_VERSION}" condition="Cortex-M">
      <description>${escapeXml(packageSentence(emission))}</description>
      <files>
${library.join('\n')}
      </files>
    </component>
    <component Cclass="${CLASS}" Cgroup="${TEST_GROUP}" Csub="${sub}" Cversion="${COMPONENT_VERSION}" condition="Network">
      <description>Golden vectors, and a self test of every layer</description>
      <Pre_Include_Global_h>
#ifndef ${emission.upper}_OBSERVE
#define ${emission.upper}_OBSERVE
#endif
      </Pre_Include_Global_h>
      <files>
${test.join('\n')}
      </files>
    </component>
  </components>
</package>
`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
