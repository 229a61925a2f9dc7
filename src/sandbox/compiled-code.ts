import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The variable with which Node keeps compiled code in the folder that it would choose itself. Stories start the same files hundreds of times. */
export const keepingCompiledCode = { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') }
