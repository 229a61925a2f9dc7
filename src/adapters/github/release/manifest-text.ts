import * as z from 'zod/mini'
import { faultOf } from '../../../domain/config/commands/build-outputs.ts'
import { Problem } from '../../../domain/problem.ts'
import type { Manifest } from '../../../domain/release/manifest.ts'

/** Throws `release-tampered` for text that is no manifest, `manifest-newer` for one of a later Rollgate. */
export function parseManifest(text: string, tag: string): Manifest {
  const value = parsed(text, tag)
  const { data: version } = z.looseObject({ schema: z.number() }).safeParse(value)
  if (version !== undefined && version.schema > 1) throw newer(version.schema, tag)
  const { success, error } = manifest.safeParse(value)
  if (success) return value as Manifest
  throw noManifest(tag, `its ${error.issues[0]?.path.join('.') || 'content'} is not as Rollgate writes it`)
}

function parsed(text: string, tag: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw noManifest(tag, 'it is no JSON')
  }
}

const versionText = z.nullable(z.string())

/** Commands see them, so that a replaced file could change how every command starts: `BASH_ENV` is run by the shell. */
const outputs = z
  .custom<Readonly<Record<string, string>>>((said) => typeof said === 'object' && said !== null)
  .check(
    z.refine((said) =>
      Object.entries(said).every(
        ([name, value]) => typeof value === 'string' && faultOf(name, value) === null,
      ),
    ),
  )

const manifest = z.looseObject({
  schema: z.literal(1),
  app: z.string(),
  tag: z.string(),
  commit: z.string(),
  artifacts: z.array(
    z.looseObject({ name: z.string(), sha256: z.string(), size: z.int(), 'media-type': z.string() }),
  ),
  recipe: z.looseObject({ digest: z.string() }),
  'base-version': versionText,
  'schema-version': versionText,
  outputs: z.optional(outputs),
  previous: versionText,
  created: z.looseObject({ at: z.string(), by: z.array(z.string()), run: z.string(), 'run-id': z.int() }),
})

const noManifest = (tag: string, because: string) =>
  new Problem('release-tampered', {
    what: `The manifest of ${tag} is none: ${because}.`,
    why: 'The file was replaced. A release never changes.',
    next: 'Find out who did that, and make a new release with a new tag. Turn on immutable releases in the settings.',
  })

const newer = (schema: number, tag: string) =>
  new Problem('manifest-newer', {
    what: `The manifest of ${tag} has schema ${schema}, and this Rollgate knows schema 1.`,
    why: 'A later version of Rollgate has made the release.',
    next: 'Use that version in this workflow as well.',
  })
