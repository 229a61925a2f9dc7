import { onFleets } from '../config/declared-service.ts'
import { isOverSsh } from '../config/fleet.ts'
import type { Recipe } from '../config/recipe.ts'
import { entriesAt, isIgnored, nearPath } from '../release/release-tree.ts'
import type { CheckoutSeen } from './checkout.ts'
import { type CheckFinding, found } from './finding.ts'

/** Finds files that the config names by their paths, apart from commands, and that git does not have. */
export function namedFileFindings(recipe: Recipe, seen: CheckoutSeen): CheckFinding[] {
  return namedFiles(recipe).flatMap(({ key, path, made }) => {
    const entries = entriesAt(seen.tree, path)
    if (entries === null || entries.some((entry) => entry !== 'folder')) return []
    const near = nearPath(seen.tree, path)
    const meant = near === null ? '' : ` Is ${near} meant?`
    if (made && (recipe.steps.build !== null || isIgnored(path, seen.ignored))) return []
    return [
      found(made ? 'warning' : 'problem', key, {
        what: `${key} names ${path}, and git has no such file.${meant}`,
        next: made
          ? `Let steps.build or a step of the job make ${path} before it is needed, or correct the path.`
          : `Add ${path}, or correct the path.`,
      }),
    ]
  })
}

interface NamedFile {
  readonly key: string
  readonly path: string
  /** True for a file that a build may make: only the run needs it. */
  readonly made: boolean
}

function namedFiles({ schema, services }: Recipe): NamedFile[] {
  const ofServices = onFleets(services).flatMap(({ name, fleet }) => {
    if (!isOverSsh(fleet)) return []
    const key = `services.${name}.fleet.ssh`
    return [...named(`${key}.settings`, fleet.settings, false), ...named(`${key}.upload`, fleet.upload, true)]
  })
  return [...named('release.schema', schema, false), ...ofServices]
}

const named = (key: string, path: string | null, made: boolean): NamedFile[] =>
  path === null ? [] : [{ key, path: path.replace(/^\.\//, ''), made }]
