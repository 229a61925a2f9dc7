import { checkCommand } from './check.ts'
import type { CommandRow } from './command.ts'

/** Every command of `rollgate`, in the order of its help. */
export const commandRows: readonly CommandRow[] = [checkCommand]
