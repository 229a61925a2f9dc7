/** The row of a server in `show stat`. */
export interface ServerStatistics {
  /** The number by which `show stat` finds the server in its backend; empty if haproxy does not tell it. */
  readonly number: string
  /** Like `UP`, `UP 1/2`, `DOWN`, `DRAIN`, `MAINT (via web/web-2)`, `NOLB` or `no check`. */
  readonly status: string
  /** The result of its last health check, like `L7OK`; empty without a check. */
  readonly check: string
  /** The finding of that check, like `503 Service Unavailable`. */
  readonly finding: string
  /** The open sessions of the server, and the requests that wait for it. */
  readonly sessions: number
}

/** Finds a server in a reading by its name. */
export type Servers = (name: string) => ServerStatistics | null

/**
 * Reads servers from the CSV of `show stat`. Columns are found by name: each version of haproxy adds some. A
 * row is parsed on demand, since there may be hundreds.
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
 * The judgement of HAProxy on each result of a check: `check_statuses` of its src/check.c. `conditional`:
 * passed for a server that is up, which gets no new sessions then. `neutral`: no change.
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

/**
 * Returns true if a check of this name lets a server count as seen up; an unfinished check leaves that to the
 * status.
 */
const passes = (check: string): boolean =>
  check === '' || check === 'INI' || ['passed', 'conditional'].includes(checkResults[check] ?? 'unknown')

/** Returns true if the balancer sends requests to the server. A server without checks always counts as up. */
export function isUp({ status }: ServerStatistics): boolean {
  return /^UP\b/.test(status) || status === 'no check'
}

/**
 * Returns true if the server is up by a passed check. HAProxy lets a server that leaves maintenance in on
 * trust, as `UP 1/3`, until its next check has passed. The driver waits for that check, up to one `inter` a
 * batch: no other instance leaves on trust alone. With `fall` 1, trust looks like any other `UP`, and only
 * the check before the maintenance can be read.
 */
export function isSeenUp({ status, check }: ServerStatistics): boolean {
  return status === 'no check' || (status === 'UP' && passes(check))
}

/** Like `DOWN (L7STS: 503 Service Unavailable)`. */
export function statusInWords({ status, check, finding }: ServerStatistics): string {
  const words = [check, finding].filter((part) => part !== '').join(': ')
  return words === '' ? status : `${status} (${words})`
}
