/** The database of home as a failed deployment left it: kept beside the one that serves, until it is discarded by name. */
export interface FailedHome {
  /** The detour that ended with the database brought back. */
  readonly detour: string
  /** Its place in words of the engine: a folder, a file, or an address. */
  readonly where: string
  /** ISO time in UTC, from which it is kept. */
  readonly since: string
  /** The deployment that brought the database back. */
  readonly deployment: number
}

/** Returns the failed home of a detour, by its name; null without one. */
export const failedHomeOf = (
  { failedHomes }: { readonly failedHomes: readonly FailedHome[] },
  name: string,
): FailedHome | null => failedHomes.find(({ detour }) => detour === name) ?? null

/** `the failed home of shop-production-7 is kept at /srv/db.failed-shop-production-7 since …` */
export const describeFailedHome = ({ detour, where, since }: FailedHome): string =>
  `the failed home of ${detour} is kept at ${where} since ${since}`
