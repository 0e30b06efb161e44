import type { Emission } from '../../emit/types.ts';
import {
  LICENCE_ID,
  packageParagraph,
  packageSentence,
  packageVersion,
  PLACEHOLDER_URL,
} from '../package-facts.ts';

/** Platforms whose cores have 32-bit `int`, as the kernels need it. */
const PLATFORMS = [
  'atmelsam',
  'espressif32',
  'espressif8266',
  'native',
  'nordicnrf51',
  'nordicnrf52',
  'nxpimxrt',
  'nxplpc',
  'raspberrypi',
  'renesas-ra',
  'siliconlabsefm32',
  'ststm32',
  'teensy',
];

/** Letters, digits and single dashes; at most 50 characters. */
export function libraryName({ name }: Emission): string {
  return `bitsmith-${name.replace(/_+/g, '-').replace(/-$/, '')}`.slice(0, 50);
}

/** `library.json`, the manifest of a PlatformIO library. */
export function libraryJson(emission: Emission, examples: readonly string[]): string {
  const manifest = {
    name: libraryName(emission),
    version: packageVersion(emission),
    description: `${packageSentence(emission)} ${packageParagraph(emission)}`.slice(0, 255),
    keywords: ['neural network', 'quantized', 'ternary', 'binary'],
    homepage: PLACEHOLDER_URL,
    authors: [{ name: 'Bitsmith', maintainer: true }],
    license: LICENCE_ID,
    frameworks: '*',
    platforms: PLATFORMS,
    headers: `${emission.name}.h`,
    examples: examples.map((base) => ({
      name: base.slice(base.lastIndexOf('/') + 1),
      base,
      files: ['platformio.ini', 'src/main.cpp'],
    })),
    build: { srcDir: 'src', includeDir: 'include' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
