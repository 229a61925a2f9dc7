import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The words in what is sent to databases and balancers whose sending is a moment of a run. */
const words = [
  'LOCK TABLE',
  'pg_logical_emit_message',
  'ALTER SYSTEM',
  'pg_reload_conf',
  'pg_promote',
  'pg_terminate_backend',
  'pg_create_physical_replication_slot',
  'pg_drop_replication_slot',
  'set map',
  'REVOKE CONNECT',
  'GRANT CONNECT',
]

/** The moments of one run, and the variables that have something happen at them. */
export interface Moments {
  /** Variables of a run that is killed at its nth moment, 0: at none; or at the first one whose name holds a text. */
  killedAt(at: number | string): Record<string, string>
  /** Variables of a run that waits for an answer of an address at its nth moment, at those whose name holds a text, or at `every` one. */
  askedAt(at: number | string, address: string): Record<string, string>
  /** The moments of the newest run. */
  seen(): string[]
}

export function aRunsMoments(): Moments {
  const folder = mkdtempSync(join(tmpdir(), 'moments-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const log = join(folder, 'log')
  const preload = new URL('at-a-moment.ts', import.meta.url).href
  const at = (moment: number | string, does: string) => {
    writeFileSync(log, '')
    return {
      NODE_OPTIONS: `--import=${preload}`,
      MOMENT_LOG: log,
      MOMENT: String(moment),
      MOMENT_DOES: does,
      MOMENT_WORDS: words.join('|'),
    }
  }
  return {
    killedAt: (moment) => at(moment, 'kill'),
    askedAt: at,
    seen: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
  }
}
