import type { FrozenMigration, FrozenRecipe, RecipeContent } from '../../domain/release/manifest.ts'
import { check } from './check.ts'
import { toCommand } from './commands.ts'
import { configInvalid } from './finding.ts'
import { frozenFile } from './schema/file.ts'
import type { StepsValue } from './schema/steps.ts'
import { readDocument } from './yaml/document.ts'
import type { Source } from './yaml/source.ts'
import { keysAt, nodeAt, plain, type Tree } from './yaml/tree.ts'

/**
 * Reads the frozen parts of a release, for its manifest: overlays of environments are not part of a release.
 * Throws `config-invalid` with every finding.
 */
export function readFrozen(source: Source): FrozenRecipe {
  const next = `Correct ${source.path} in a new commit, and make the release from that: at ${source.commit} it is frozen.`
  const { tree, findings } = readDocument(source)
  if (tree === null) throw configInvalid(findings, next)
  const checked = check(frozenFile, tree)
  if (checked.kind === 'bad' || findings.length > 0)
    throw configInvalid([...findings, ...checked.findings], next)
  const { release, steps } = checked.value
  return {
    baseVersion: release?.['base-version'] ?? null,
    schema: release?.schema ?? null,
    largeChange: release?.['large-change'] ?? standardChange,
    compatible: release?.compatible ?? true,
    readOnly: release?.['read-only'] !== undefined,
    migrations: steps?.migrate ? [migrationOf(steps.migrate)] : [],
    content: contentOf(tree),
  }
}

function migrationOf(written: NonNullable<StepsValue['migrate']>): FrozenMigration {
  if (!('run' in written)) return { run: written.start.run, phase: 'expand', complete: written.complete.run }
  const { run, phase } = written
  return typeof phase === 'string' ? { run, phase } : { run, phase: toCommand(phase) }
}

/** The default for a config without `release`. */
const standardChange = 50

/** Kept as written, so that a later Rollgate with other defaults reads the same. */
function contentOf(tree: Tree): RecipeContent {
  const at = (...path: string[]): unknown => {
    const node = nodeAt(tree, path)
    return node === undefined ? null : plain(node)
  }
  return {
    release: at('release'),
    steps: at('steps'),
    // A list, because the order of services is the order in which they are rolled.
    services: keysAt(tree, ['services']).map((name) => ({
      ...(at('services', name) as object | null),
      name,
    })),
    ...Object.fromEntries(
      ['tasks', 'requires-variables', 'vars'].flatMap((key) => (at(key) === null ? [] : [[key, at(key)]])),
    ),
  }
}
