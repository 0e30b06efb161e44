import type { Emission } from '../../emit/types.ts';
import { packageParagraph, packageSentence, packageVersion, PLACEHOLDER_URL } from '../package-facts.ts';

/** Cores whose `int` has 32 bits, as the kernels need it. AVR is none. */
const ARCHITECTURES = [
  'esp32',
  'esp8266',
  'mbed',
  'mbed_giga',
  'mbed_nano',
  'mbed_nicla',
  'mbed_opta',
  'mbed_portenta',
  'mbed_rp2040',
  'nrf52',
  'renesas_portenta',
  'renesas_uno',
  'rp2040',
  'sam',
  'samd',
  'silabs',
  'stm32',
  'teensy',
  'zephyr',
];

/** Name in the Library Manager; a name that starts with "Arduino" is reserved, so it starts with ours. */
export function libraryName({ name }: Emission): string {
  return `Bitsmith_${name}`;
}

/** `library.properties` of the Arduino library specification 1.5, revision 2.2. */
export function libraryProperties(emission: Emission): string {
  const fields: [string, string][] = [
    ['name', libraryName(emission)],
    ['version', packageVersion(emission)],
    ['author', 'Bitsmith'],
    ['maintainer', 'Bitsmith'],
    ['sentence', packageSentence(emission)],
    ['paragraph', packageParagraph(emission)],
    ['category', 'Data Processing'],
    ['url', PLACEHOLDER_URL],
    ['architectures', ARCHITECTURES.join(',')],
    ['includes', `${emission.name}.h`],
    ['dot_a_linkage', 'true'],
  ];
  return fields.map(([key, value]) => `${key}=${value}\n`).join('');
}

/** `keywords.txt`: what the editor colours. Fields are separated by one tab. */
export function keywords({ name, upper }: Emission): string {
  const rows: [string, string][] = [
    ['bs_status', 'KEYWORD1'],
    [`${name}_run`, 'KEYWORD2'],
    [`${name}_argmax`, 'KEYWORD2'],
    ['BS_OK', 'LITERAL1'],
    ...['ARENA_ALIGN', 'ARENA_BYTES', 'CLASSES', 'INPUT_BYTES', 'LOGIT_EXPONENT'].map(
      (constant): [string, string] => [`${upper}_${constant}`, 'LITERAL1'],
    ),
  ];
  return rows.map((row) => `${row.join('\t')}\n`).join('');
}
