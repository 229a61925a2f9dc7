import type { Check } from './checks.ts'

/** A report of an app on a commit. A check that ran again has several. */
export interface Report extends Check {
  /** Later reports have higher ones. */
  readonly id: number
  readonly app: string | null
  /** The workflow and the event that started it; null where that is not known. */
  readonly workflow: string | null
  /** The number of attempts of its run; null if unknown. */
  readonly attempts: number | null
}

/**
 * The reports that count. A report is out of date only where it is known that the same check ran again: in a later attempt
 * of its run, or in a later run of its workflow. Two that merely have the same name both count.
 */
export function standingReports(reports: readonly Report[]): Check[] {
  const standing = reports.filter((report) => !reports.some((other) => replaces(other, report)))
  return standing.map(({ name, state, run }) => ({ name, state, run }))
}

function replaces(other: Report, report: Report): boolean {
  if (other.id <= report.id || other.name !== report.name || other.app !== report.app) return false
  if (other.run === null || report.run === null) return false
  if (other.run === report.run) return (report.attempts ?? 1) > 1
  return other.workflow !== null && other.workflow === report.workflow
}

/** True if the runs must be known to tell a repeated check from another one. */
export const areAlike = (reports: readonly Report[]): boolean =>
  reports.some((one) =>
    reports.some(
      (other) => one !== other && one.name === other.name && one.app === other.app && one.run !== null,
    ),
  )
