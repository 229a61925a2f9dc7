import { createHash } from 'node:crypto'
import { canonical } from '../canonical.ts'
import type { Command } from '../config/command.ts'
import type { MigrationPhase } from '../config/recipe.ts'

/** The name of the manifest among the files of a GitHub Release. */
export const manifestName = 'rollgate-manifest.json'

/** A file of a release. */
export interface Artifact {
  readonly name: string
  /** In hexadecimal. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  readonly 'media-type': string
}

/** The config at a release's commit, before any environment is laid over it. */
export interface FrozenRecipe {
  readonly baseVersion: string | null
  /** Path of the file whose content is the schema version. */
  readonly schema: string | null
  /** The number of commits since the release before that is worth a warning. */
  readonly largeChange: number
  /** False if it and the release before must not serve together. */
  readonly compatible: boolean
  /** True if it works on a database that refuses every write. */
  readonly readOnly: boolean
  readonly migrations: readonly FrozenMigration[]
  readonly content: RecipeContent
}

/** A migration as it is shown. `complete`: the command of its second phase, of a migration in two phases. */
export interface Migration {
  readonly run: string
  readonly phase: MigrationPhase
  readonly complete?: string
}

/** A migration at a commit, whose phase the making of its release may still have to ask for. */
export type FrozenMigration = Migration | { readonly run: string; readonly phase: Command }

/**
 * The written content: `release`, `steps`, the services in their order, each with its `name`, and the tasks
 * if there are any.
 */
export interface RecipeContent {
  readonly release: unknown
  readonly steps: unknown
  readonly services: readonly unknown[]
  readonly tasks?: unknown
}

/** Everything that decides how a release behaves. It is a file of the GitHub Release, and its keys are that file's. */
export interface Manifest {
  readonly schema: 1
  readonly app: string
  readonly tag: string
  /** Full SHA. */
  readonly commit: string
  readonly artifacts: readonly Artifact[]
  readonly recipe: RecipeContent & { readonly digest: string }
  readonly 'base-version': string | null
  readonly 'schema-version': string | null
  readonly migrations: readonly Migration[]
  /** Left out where it does not work on a database that refuses every write. */
  readonly 'read-only'?: 'supported'
  /** The outputs of its build, like digests of images; left out where it has none. */
  readonly outputs?: Readonly<Record<string, string>>
  /** The release before, by its tag. */
  readonly previous: string | null
  /** The candidate whose commit and artifacts it has. */
  readonly candidate: string | null
  readonly created: {
    readonly at: string
    /** Logins. */
    readonly by: readonly string[]
    /** Address of the run, and its number. */
    readonly run: string
    readonly 'run-id': number
  }
}

/** JSON that a person can read. The same manifest has the same text. */
export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`

/** SHA-256 of the recipe, in hexadecimal. The order of keys says nothing, that of services does. */
export const recipeDigest = ({ release, steps, services, tasks }: RecipeContent): string =>
  sha256Of(canonical({ release, steps, services, ...(tasks === undefined ? {} : { tasks }) }))

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')
