import { checkCommand } from './check.ts'
import type { CommandRow } from './command.ts'
import { doctorCommand } from './doctor.ts'
import { initCommand } from './init/init.ts'
import { planCommand } from './plan.ts'
import { statusCommand } from './status.ts'

/** Every command of `rollgate`, in the order of its help. */
export const commandRows: readonly CommandRow[] = [
  initCommand,
  checkCommand,
  planCommand,
  statusCommand,
  doctorCommand,
]
