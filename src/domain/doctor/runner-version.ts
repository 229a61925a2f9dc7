import { absent, found, type Reading } from '../reading.ts'

/**
 * Reads the version of the runner from the path of its Node.js. GitHub gives the version in no variable. A runner that
 * has updated itself, and one of GitHub's, keeps its files in a folder of that name:
 * `externals.2.336.0/node24/bin/node` or `cached/2.336.0/externals/node24/bin/node`. Absent anywhere else.
 */
export function versionInPath(path: string): Reading<string> {
  const [, version] =
    /[/\\](?:externals\.)?(\d+\.\d+\.\d+)[/\\](?:externals[/\\])?node\d+[/\\]/.exec(path) ?? []
  return version === undefined ? absent : found(version)
}

/** True if a version is not older than another one. */
export function isAtLeast(version: string, least: string): boolean {
  const [one, other] = [version, least].map((text) => text.split('.').map(Number))
  for (const [place, wanted] of (other ?? []).entries()) {
    const here = one?.[place] ?? 0
    if (here !== wanted) return here > wanted
  }
  return true
}
