import * as path from 'node:path';

/** A program of the compiler's own binutils: `arm-none-eabi-size` beside `arm-none-eabi-gcc`. */
export function compilerTool(compiler: string, tool: 'size' | 'objdump'): string {
  return path.join(path.dirname(compiler), path.basename(compiler).replace(/(gcc|clang)$/, tool));
}
