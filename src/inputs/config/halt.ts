import type { HaltPolicy } from '../../domain/signal/halt-policy.ts'
import { toLooseCommand } from './commands.ts'
import type { HaltValue } from './schema/policy/halt.ts'

export const toHalt = (written: HaltValue): HaltPolicy => ({
  labels: written.issues?.labels ?? [],
  command: written.run === undefined ? null : toLooseCommand(written.run, written.timeout, written),
  http: written.http === undefined ? null : { kind: 'http', url: written.http, timeout: written.timeout },
  onHalt: written['on-halt'],
})
