import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { Failure } from '../../src/domain/question/decision.ts'
import { manifestName, manifestText, sha256Of } from '../../src/domain/release/manifest.ts'
import type { Cargo } from '../../src/pipeline/ports.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { aFile, aManifest } from '../contracts/release.contract.ts'
import {
  aJournal,
  broke,
  changed,
  done,
  lost,
  opened as openedBy,
  resumed,
  seen,
  started,
  taken,
} from '../domain/a-journal.ts'
import { aPast } from '../domain/a-ledger.ts'
import {
  aCommand,
  aLedgerServing,
  anSshFleet,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  newer,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import { type InMemory, inMemory, keep, keptLedger, opened } from './in-memory.ts'

const path = 'build/shop.tar'
const build = { command: aCommand('build'), unless: null }
const roll = 'roll-services/web'
const fleet = anSshFleet(['web-1', 'web-2'], { upload: path })
const service = aService('web', 2, {}, { fleet })
const recipe = aRecipe({ steps: { ...noSteps, build }, services: [service] })
const policy = aPolicy({ approval: { kind: 'none' } })
const serving = (release: typeof older, change: object = {}) => {
  const ledger = aLedgerServing(release)
  return { ...ledger, serving: ledger.serving && { ...ledger.serving, preDeploy: null, ...change } }
}
const plan = aPlan({ policy, recipe, ledger: serving(older) })
const here = ({ sha }: { sha: string }) => `files of ${sha}/${path}`

/** Hosts that keep a file of a release as the ssh fleet does: by their names, its digest. */
function withHosts(memory: InMemory, kept: Record<string, string> = {}) {
  const hosts = new Map(Object.entries(kept))
  const inner = memory.ports.fleet(fleet)
  async function bring(name: string, cargo: Cargo): Promise<Failure | null> {
    const has = hosts.get(name)
    const wanted = cargo.wanted()
    if (has !== undefined && (wanted === null || wanted === has) && cargo.accepts(has)) return null
    const got = await cargo.obtain()
    if ('code' in got) return got
    hosts.set(name, got.sha256)
    cargo.accepts(got.sha256)
    return null
  }
  const ports = {
    ...memory.ports,
    fleet: () => ({
      ...inner,
      prepare: async ({ name }: { name: string }, _seen: object, _watch: object, cargo?: Cargo | null) =>
        cargo == null ? null : bring(name, cargo),
      fetch: async ({ name }: { name: string }, _seen: object, sha256: string) =>
        hosts.get(name) === sha256 ? { file: `from ${name}`, sha256 } : null,
    }),
  } as typeof memory.ports
  return { hosts, ports }
}

/** The content that `build` writes for its release. */
const builds = ({ shell, files }: InMemory, content: string) =>
  shell.play('build', ({ variables: { ROLLGATE_SHA: sha = '' } }) => {
    files.set(here({ sha }), content)
    return {}
  })

const timesBuilt = ({ shell }: InMemory) =>
  shell.calls.filter(({ command }) => command.run === 'build').length

async function goingOn(
  memory: InMemory,
  its: Plan,
  happenings: readonly Happening[],
  { ports, ledger = {} }: { ports: Context['ports']; ledger?: Partial<Ledger> },
): Promise<Context> {
  const kept = await keep(memory, its, aJournal(...happenings), ledger)
  return { ports, plan: its, session: openSession(kept, ports), stop: memory.stop }
}

const frozen = (sha: string, content: string, from: 'checkout' | 'ledger' = 'checkout'): Happening => ({
  kind: 'artifact-frozen',
  sha,
  path,
  sha256: sha256Of(content),
  from,
})

/** web-1 was changed, and the run was lost before web-2. */
const half: Happening[] = [
  openedBy,
  ...done('source', 'build', 'prepare/web'),
  started(roll),
  frozen(newer.sha, 'as it was built'),
  seen(roll, { 'web-1': older.tag, 'web-2': older.tag }),
  taken(roll, 'web-1'),
  changed(roll, 'web-1'),
  lost,
  resumed,
]

/** A release with this file in its manifest, published. Answers the digest of the manifest. */
async function published({ releases }: InMemory, release: typeof older, content: string): Promise<string> {
  const file = aFile('shop.tar', content)
  const artifacts = [{ name: file.name, sha256: file.sha256, size: file.content.size, 'media-type': '' }]
  const manifest = aFile(
    manifestName,
    manifestText(aManifest({ tag: release.tag, commit: release.sha, artifacts })),
  )
  const draft = await releases.draft(release.tag, release.sha, '')
  await releases.attach(draft, file)
  await releases.attach(draft, manifest)
  await releases.publish(draft, { text: '', prerelease: false })
  return manifest.sha256
}

describe('files for the hosts', () => {
  test('is what the manifest names, whatever the build wrote F17', async () => {
    const memory = inMemory()
    const { hosts, ports } = withHosts(memory)
    builds(memory, 'another')
    const manifest = await published(memory, newer, 'as it was released')
    const its = aPlan({ policy, recipe, ledger: serving(older), release: { ...newer, manifest } })
    const context = { ...(await opened(memory, its)), ports }
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect([...hosts.values()]).toEqual(Array(2).fill(sha256Of('as it was released')))
    expect((await keptLedger(memory)).history[0]?.artifacts).toEqual({
      [path]: sha256Of('as it was released'),
    })
  })

  test('is built once, kept in the journal before the first host is changed, and remembered F17', async () => {
    const memory = inMemory()
    const { hosts, ports } = withHosts(memory)
    builds(memory, 'as it was built')
    const context = { ...(await opened(memory, plan)), ports }
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    const kinds = context.session.journal.map(({ kind }) => kind)
    expect(kinds.indexOf('artifact-frozen')).toBeLessThan(kinds.indexOf('instances-started'))
    expect(timesBuilt(memory)).toBe(1)
    expect([...hosts.values()]).toEqual(Array(2).fill(sha256Of('as it was built')))
    expect((await keptLedger(memory)).serving).toMatchObject({ release: { tag: newer.tag } })
  })
})

describe('a run that goes on in a fresh checkout', () => {
  test('builds the same bytes again F17', async () => {
    const memory = inMemory()
    const { hosts, ports } = withHosts(memory, { 'web-1': sha256Of('as it was built') })
    memory.installed.set('web-1', newer.tag)
    builds(memory, 'as it was built')
    expect(await execute(await goingOn(memory, plan, half, { ports }))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect(timesBuilt(memory)).toBe(1)
    expect(hosts.get('web-2')).toBe(sha256Of('as it was built'))
  })

  test('takes them from a host where the build gives others, and never mixes the two F17', async () => {
    const memory = inMemory()
    const { hosts, ports } = withHosts(memory, { 'web-1': sha256Of('as it was built') })
    memory.installed.set('web-1', newer.tag)
    builds(memory, 'of another time')
    expect(await execute(await goingOn(memory, plan, half, { ports }))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect(hosts.get('web-2')).toBe(sha256Of('as it was built'))
    expect(memory.voice.texts('line').join()).toContain('comes from web-1')
  })

  test('asks a person where no host can give them either; the instance serves on F17', async () => {
    const memory = inMemory()
    const { hosts, ports } = withHosts(memory)
    memory.installed.set('web-1', newer.tag)
    builds(memory, 'of another time')
    expect(await execute(await goingOn(memory, plan, half, { ports }))).toMatchObject({
      kind: 'waiting',
      pause: {
        instances: ['web-2'],
        failure: { code: 'artifact-differs', what: expect.stringContaining(sha256Of('as it was built')) },
        options: expect.arrayContaining(['retry', 'roll-back']),
      },
    })
    expect(hosts.get('web-2')).toBeUndefined()
    expect(memory.effects()).not.toContain('stop web-2')
  })

  test('has them from the release where the manifest names them F17', async () => {
    const memory = inMemory()
    const { hosts, ports } = withHosts(memory)
    memory.installed.set('web-1', newer.tag)
    const manifest = await published(memory, newer, 'as it was built')
    builds(memory, 'of another time')
    const its = aPlan({ policy, recipe, ledger: serving(older), release: { ...newer, manifest } })
    expect(await execute(await goingOn(memory, its, half, { ports }))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect(hosts.get('web-2')).toBe(sha256Of('as it was built'))
  })
})

describe('a way back', () => {
  const history = [aPast(older, { artifacts: { [path]: sha256Of('the older one') } })]
  const back = [...half.slice(0, -2), taken(roll, 'web-2'), broke(roll, 'web-2')]
  const turned: Happening = { kind: 'turned-back', failure: { code: 'command-failed', what: '', tail: [] } }

  test('builds the older release, as it defines that, in its own files F17', async () => {
    const memory = inMemory()
    const { hosts, ports } = withHosts(memory)
    memory.installed.set('web-1', newer.tag)
    memory.shell.play('build-older', () => {
      memory.files.set(here(older), 'the older one')
      return {}
    })
    const ledger = { ...serving(older, { build: { ...build, command: aCommand('build-older') } }), history }
    const context = await goingOn(memory, plan, [...back, turned], { ports, ledger })
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect(hosts.get('web-1')).toBe(sha256Of('the older one'))
    expect(timesBuilt(memory)).toBe(0)
    const built = memory.shell.calls.find(({ command }) => command.run === 'build-older')
    expect(built?.command.workingDirectory).toBe(`files of ${older.sha}`)
  })

  test('as a rollback builds what no host has any more, warns of other bytes, and brings all hosts the same F17', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    const { hosts, ports } = withHosts(memory)
    memory.installed.set('web-1', newer.tag).set('web-2', newer.tag)
    builds(memory, 'of another time')
    const ledger = { ...serving(newer), history: [aPast(newer), ...history] }
    const its = aPlan({ policy, recipe, ledger, wanted: 'rollback', release: older, relation: 'behind' })
    const context = { ...(await opened(memory, its, ledger)), ports }
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect([...hosts.values()]).toEqual(Array(2).fill(sha256Of('of another time')))
    expect(memory.voice.texts('warning').join()).toContain(sha256Of('the older one'))
    expect(timesBuilt(memory)).toBe(1)
  })

  test('as a rollback takes the copy of a host before it builds others F17', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    const { hosts, ports } = withHosts(memory, { 'web-2': sha256Of('the older one') })
    memory.installed.set('web-1', newer.tag).set('web-2', newer.tag)
    builds(memory, 'of another time')
    const ledger = { ...serving(newer), history: [aPast(newer), ...history] }
    const its = aPlan({ policy, recipe, ledger, wanted: 'rollback', release: older, relation: 'behind' })
    expect(await execute({ ...(await opened(memory, its, ledger)), ports })).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect([...hosts.values()]).toEqual(Array(2).fill(sha256Of('the older one')))
  })
})
