/** What a balancer says of a server in `show stat`. */
export interface ServerStatistics {
  /** Like `UP`, `UP 1/2`, `DOWN`, `DRAIN`, `MAINT (via web/web-2)`, `NOLB` or `no check`. */
  readonly status: string
  /** How its last health check ended, like `L7OK`; empty where there was none. */
  readonly check: string
  /** What that check found, like `503 Service Unavailable`. */
  readonly finding: string
  /** Sessions under way there, and requests that wait for it. */
  readonly sessions: number
}

/** Servers by name, from the CSV of `show stat`. Columns are found by name: each version of haproxy adds some. */
export function readStatistics(csv: string): ReadonlyMap<string, ServerStatistics> {
  const [header = '', ...lines] = csv.trim().split('\n')
  const names = cellsOf(header.replace(/^# /, ''))
  return new Map(
    lines.map((line) => {
      const cells = cellsOf(line)
      const cell = (name: string) => cells[names.indexOf(name)] ?? ''
      return [
        cell('svname'),
        {
          status: cell('status'),
          // An asterisk says that the next check is under way.
          check: cell('check_status').replace(/^\* /, ''),
          finding: [cell('check_code'), cell('last_chk')].filter((part) => part !== '').join(' '),
          sessions: Number(cell('scur')) + Number(cell('qcur')),
        },
      ]
    }),
  )
}

function cellsOf(line: string): string[] {
  const cells = line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)
  return [...cells].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '')
}

/** Whether the balancer sends it requests. One that is not checked is always believed to be up. */
export function isUp({ status }: ServerStatistics): boolean {
  return /^UP\b/.test(status) || status === 'no check'
}

/**
 * Whether it is up because a check has said so. A server that comes out of maintenance is let in on trust, as `UP 1/3`, until
 * its first check has passed; where `fall` is 1 that looks like any other `UP`, and the check before is all there is to ask.
 */
export function isSeenUp({ status, check }: ServerStatistics): boolean {
  return (
    status === 'no check' || (status === 'UP' && (check === '' || check === 'INI' || /^L\dOKC?$/.test(check)))
  )
}

/** Like `DOWN (L7STS: 503 Service Unavailable)`. */
export function statusInWords({ status, check, finding }: ServerStatistics): string {
  const words = [check, finding].filter((part) => part !== '').join(': ')
  return words === '' ? status : `${status} (${words})`
}
