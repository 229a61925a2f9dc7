import { Problem } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import { type Check, counting, requireGreen } from '../../domain/release/checks.ts'
import {
  type FrozenRecipe,
  type Manifest,
  type Migration,
  recipeDigest,
} from '../../domain/release/manifest.ts'
import type { Run } from '../../domain/release/release.ts'
import { releaseAdvice } from '../../domain/release/release-advice.ts'
import { lineOf } from '../../domain/release/tag-name.ts'
import type { Doer } from '../lock/doer.ts'
import { readCandidate } from '../plan/candidate.ts'
import { comparison } from '../plan/comparison.ts'
import { configAt, policyText } from '../plan/survey.ts'
import type { NewFile, Ports } from '../ports.ts'
import type { Stop } from '../run/context.ts'
import { checkCheckout } from '../run/source.ts'
import { filesOf } from './files.ts'
import { settledMigrations } from './phases.ts'
import type { Making, ReleaseReader } from './request.ts'
import type { FreeRoom } from './room.ts'

/** Everything that a release is made from. */
export interface Ingredients {
  readonly app: string
  readonly commit: string
  readonly frozen: FrozenRecipe
  /** With their phases. */
  readonly migrations: readonly Migration[]
  readonly schemaVersion: string | null
  readonly files: readonly NewFile[]
  /** The outputs of the build: of the candidate, or as the caller gives them. */
  readonly outputs: Readonly<Record<string, string>>
  /** The release before, and how many commits lie between. */
  readonly previous: { readonly tag: string; readonly commits: number } | null
  readonly advice: readonly string[]
}

/** Reads and checks all ingredients; nothing is created yet. */
export async function gather(
  ports: Ports,
  config: ReleaseReader,
  making: Making,
  room: FreeRoom,
  run: Run,
  stop: Stop,
): Promise<Ingredients> {
  const policies = await policyText(ports.repository, making.configPath)
  const app = config.readPolicies(policies)[0]?.app ?? making.app
  if (making.deployAfter !== null) config.readPolicy(policies, making.deployAfter)
  const candidate = making.from === null ? null : await readCandidate(ports, config, making, making.from)
  const tip = known(await ports.releases.commit(null))
  const commit = candidate?.manifest.commit ?? (await commitOf(ports, making, tip))
  room.claim(commit)
  const checks = making.requireChecks ? await ports.releases.checks(commit) : null
  if (checks !== null) requireGreen(commit, checks, { named: making.checks, run: run.id })
  const source = await configAt(ports.repository, making.configPath, commit, commit.slice(0, 7))
  const frozen = config.readFrozen(source)
  if (making.deployAfter !== null)
    config.readRecipe(source, { source: policies, environment: making.deployAfter })
  const previous = await releaseBefore(ports, making, room, commit)
  const asked = { app, release: { tag: making.tag, sha: commit }, migrations: frozen.migrations }
  const migrations = await settledMigrations(ports, asked, candidate?.manifest ?? null, stop)
  return {
    app,
    commit,
    frozen,
    migrations,
    schemaVersion: await schemaVersionOf(ports, frozen, commit),
    outputs: candidate === null ? making.outputs : (candidate.manifest.outputs ?? {}),
    files: candidate?.files ?? (await ownFiles(ports, making, commit)),
    previous,
    advice: await adviceOn(ports, making, { tip, commit, frozen, migrations, previous, checks, run }),
  }
}

async function commitOf({ releases }: Ports, { commit }: Making, tip: string | null): Promise<string> {
  const found = commit === null ? tip : known(await releases.commit(commit))
  if (found !== null) return found
  throw new Problem('input-invalid', {
    what: `There is no commit ${commit ?? 'on the default branch'} in this repository.`,
    why: 'The input commit takes a full SHA of 40 digits, or the name of a branch.',
    next: 'Push the commit, or correct the input. Nothing was created.',
  })
}

/** Files in the checkout belong to the release only if the checkout is its commit. */
async function ownFiles(
  { workspace }: Ports,
  { tag, artifacts }: Making,
  commit: string,
): Promise<NewFile[]> {
  if (artifacts.length === 0) return []
  await checkCheckout(workspace, { tag, sha: commit })
  return filesOf(workspace, artifacts)
}

const mostCompared = 20

/** The newest release that this one contains: of the same line, and for a final one a final one. */
async function releaseBefore(
  { repository }: Ports,
  { tag, prerelease }: Making,
  { others }: FreeRoom,
  commit: string,
): Promise<Ingredients['previous']> {
  const line = lineOf(tag)
  const earlier = others.filter((one) => lineOf(one.tag) === line && (prerelease || !one.prerelease))
  for (const one of earlier.slice(0, mostCompared)) {
    const sha = known(await repository.resolveTag(one.tag))
    if (sha === null) continue
    const { relation, commits } = await comparison(repository, sha, commit)
    if (relation === 'ahead' || relation === 'identical') return { tag: one.tag, commits }
  }
  return null
}

async function schemaVersionOf({ repository }: Ports, { schema }: FrozenRecipe, commit: string) {
  const text = schema === null ? null : known(await repository.file(schema, commit))
  return text === null ? null : text.trim()
}

interface AdviceOn {
  /** The newest commit of the default branch. */
  readonly tip: string | null
  readonly commit: string
  readonly frozen: FrozenRecipe
  readonly migrations: readonly Migration[]
  readonly previous: Ingredients['previous']
  readonly checks: readonly Check[] | null
  readonly run: Run
}

async function adviceOn(
  { repository }: Ports,
  { tag, description, checks: named }: Making,
  { tip, commit, frozen, migrations, previous, checks, run }: AdviceOn,
): Promise<string[]> {
  return releaseAdvice({
    tag,
    description,
    previous: previous?.tag ?? null,
    commits: previous?.commits ?? 0,
    largeChange: frozen.largeChange,
    contracts: migrations.some(({ phase }) => phase === 'contract'),
    compatible: frozen.compatible,
    checks: checks === null ? null : counting(checks, { named, run: run.id }).length,
    onDefaultBranch:
      tip === commit || (tip !== null && (await comparison(repository, tip, commit)).relation === 'behind'),
  })
}

export function manifestOf(making: Making, made: Ingredients, { run, by }: Doer, now: Date): Manifest {
  const { frozen } = made
  return {
    schema: 1,
    app: made.app,
    tag: making.tag,
    commit: made.commit,
    artifacts: made.files.map(({ name, sha256, content, mediaType }) => ({
      name,
      sha256,
      size: content.size,
      'media-type': mediaType,
    })),
    recipe: { digest: recipeDigest(frozen.content), ...frozen.content },
    'base-version': frozen.baseVersion,
    'schema-version': made.schemaVersion,
    migrations: made.migrations,
    ...(frozen.readOnly ? { 'read-only': 'supported' } : {}),
    ...(Object.keys(made.outputs).length === 0 ? {} : { outputs: made.outputs }),
    previous: made.previous?.tag ?? null,
    candidate: making.from,
    created: { at: now.toISOString(), by, run: run.url, 'run-id': run.id },
  }
}
