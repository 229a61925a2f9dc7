import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { saveState } from '@actions/core'
import type { Runner } from '../../inputs/runner.ts'

/** The file in which the groups of processes are noted, for the step that closes up. */
export function groupsFileOf(runner: Runner, env: NodeJS.ProcessEnv): string {
  const file = env.STATE_groups ?? join(runner.temp ?? tmpdir(), `rollgate-${randomUUID()}.groups`)
  if (env.STATE_groups === undefined) saveState('groups', file)
  return file
}
