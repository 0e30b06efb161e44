/** Relocations of calls and jumps: they reach a function and do not keep its address. */
const CALL_RELOCATION = /CALL|JUMP|PLT|JAL|BRANCH|PC24/;
/** The same by the instruction, where a relocation can be either (x86). */
const CALL_INSTRUCTION = /^(call|j[a-z]+)$/;

/**
 * Functions whose address objects take: those that a pointer may point to. From what GNU objdump prints of them: `-r` for
 * tables, `-dr` for code, where the instruction says whether a function is called or pointed to.
 *
 * A static function may be named by its section (`.text.help`), at offset 0; any other offset there is a label of a jump
 * table. (x86 counts from the end of the instruction: -4.)
 */
export function addressTaken(relocations: string, disassembly: string): Set<string> {
  const taken = new Set<string>();
  const note = (type: string, value: string, instruction = '') => {
    if (CALL_RELOCATION.test(type) || CALL_INSTRUCTION.test(instruction)) return;
    const [, symbol = '', offset = ''] = /^(\S+?)([+-]0x[0-9a-f]+)?$/.exec(value) ?? [];
    if (!/^(\+0x0+|-0x0*4)?$/.test(offset)) return;
    if (/^\.text\./.test(symbol)) taken.add(symbol.replace(/^\.text\.(startup\.|unlikely\.|hot\.)?/, ''));
    else if (!symbol.startsWith('.')) taken.add(symbol);
  };

  let table = false;
  for (const line of relocations.split('\n')) {
    const head = /^RELOCATION RECORDS FOR \[([^\]]+)\]/.exec(line);
    if (head) table = /^\.s?(rodata|data)/.test(head[1] ?? '');
    const record = /^[0-9a-f]+\s+(R_\w+)\s+(\S+)\s*$/.exec(line);
    if (record && table) note(record[1] ?? '', record[2] ?? '');
  }
  let instruction = '';
  for (const line of disassembly.split('\n')) {
    instruction = /^\s+[0-9a-f]+:\t[0-9a-f ]+\t([a-z.]+)/.exec(line)?.[1] ?? instruction;
    const record = /^\s+[0-9a-f]+: (R_\w+)\t(\S+)\s*$/.exec(line);
    if (record) note(record[1] ?? '', record[2] ?? '', instruction);
  }
  return taken;
}
