/** What a balancer says of a server in `show stat`. */
export interface ServerStatistics {
  /** By which `show stat` finds it in its backend; empty where haproxy does not say. */
  readonly number: string
  /** Like `UP`, `UP 1/2`, `DOWN`, `DRAIN`, `MAINT (via web/web-2)`, `NOLB` or `no check`. */
  readonly status: string
  /** How its last health check ended, like `L7OK`; empty where there was none. */
  readonly check: string
  /** What that check found, like `503 Service Unavailable`. */
  readonly finding: string
  /** Sessions under way there, and requests that wait for it. */
  readonly sessions: number
}

/** Finds a server in a reading by its name. */
export type Servers = (name: string) => ServerStatistics | null

/**
 * Servers from the CSV of `show stat`. Columns are found by name: each version of haproxy adds some. A row is read when it
 * is asked for, since there may be hundreds.
 */
export function readStatistics(csv: string): Servers {
  const [header = '', ...lines] = csv.trim().split('\n')
  const columns = header.replace(/^# /, '').split(',')
  const nameAt = columns.indexOf('svname')
  const rows = new Map(lines.map((line) => [line.split(',', nameAt + 1)[nameAt], line]))
  return (name) => {
    const row = rows.get(name)
    if (row === undefined) return null
    const cells = cellsOf(row)
    const cell = (column: string) => cells[columns.indexOf(column)] ?? ''
    return {
      number: cell('sid'),
      status: cell('status'),
      // An asterisk says that the next check is under way.
      check: cell('check_status').replace(/^\* /, ''),
      finding: [cell('check_code'), cell('last_chk')].filter((part) => part !== '').join(' '),
      sessions: Number(cell('scur')) + Number(cell('qcur')),
    }
  }
}

function cellsOf(row: string): string[] {
  if (!row.includes('"')) return row.split(',')
  const cells = row.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)
  return [...cells].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '')
}

/**
 * How HAProxy itself counts each way in which a check may end: `check_statuses` of its src/check.c. `conditional`: passed for a
 * server that is up, which gets no new sessions then. `neutral`: it changes nothing.
 */
export const checkResults: Readonly<
  Record<string, 'passed' | 'conditional' | 'neutral' | 'failed' | 'unknown'>
> = {
  UNK: 'unknown',
  INI: 'unknown',
  CHECKED: 'neutral',
  HANA: 'failed',
  SOCKERR: 'failed',
  L4OK: 'passed',
  L4TOUT: 'failed',
  L4CON: 'failed',
  L6OK: 'passed',
  L6TOUT: 'failed',
  L6RSP: 'failed',
  L7OK: 'passed',
  L7OKC: 'conditional',
  L7TOUT: 'failed',
  L7RSP: 'failed',
  L7STS: 'failed',
  PROCOK: 'passed',
  PROCERR: 'failed',
  PROCTOUT: 'failed',
}

/** True if a check of this name lets a server count as seen up; one that has not ended yet leaves that to the status. */
const passes = (check: string): boolean =>
  check === '' || check === 'INI' || ['passed', 'conditional'].includes(checkResults[check] ?? 'unknown')

/** Whether the balancer sends it requests. One that is not checked is always believed to be up. */
export function isUp({ status }: ServerStatistics): boolean {
  return /^UP\b/.test(status) || status === 'no check'
}

/**
 * Whether it is up because a check has said so. A server that comes out of maintenance is let in on trust, as `UP 1/3`, until
 * its next check has passed. That is waited for, up to one `inter` a batch: no other instance leaves on trust alone. Where
 * `fall` is 1 trust looks like any other `UP`, and the check before the maintenance is all there is to ask.
 */
export function isSeenUp({ status, check }: ServerStatistics): boolean {
  return status === 'no check' || (status === 'UP' && passes(check))
}

/** Like `DOWN (L7STS: 503 Service Unavailable)`. */
export function statusInWords({ status, check, finding }: ServerStatistics): string {
  const words = [check, finding].filter((part) => part !== '').join(': ')
  return words === '' ? status : `${status} (${words})`
}
