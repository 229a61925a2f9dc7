import type { PullFleet } from '../../src/domain/config/fleet.ts'
import type { Service } from '../../src/domain/config/service.ts'
import { manifestName, manifestText } from '../../src/domain/release/manifest.ts'
import type { Release } from '../../src/domain/release/release.ts'
import { aFile, aManifest } from '../contracts/release.contract.ts'
import { aService, newer, older } from '../domain/a-plan.ts'
import { type InMemory, inMemory } from './in-memory.ts'

/** The time between two looks of an agent, and the intervals that it has. */
export const interval = 60_000
export const intervals = 3

/**
 * The behaviour of an agent. `well`: takes its order at its next look. A number: that many looks later. `off`: never looks.
 * `fails`: its self test fails on the newer release.
 */
export type AgentWay = 'well' | 'off' | 'fails' | number

/** The lines of the file that an agent reads. */
const words = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').map((line): [string, string] => {
      const [word = '', ...rest] = line.split(' ')
      return [word, rest.join(' ')]
    }),
  )

export interface Pulling {
  readonly memory: InMemory
  readonly service: Service
  /** The releases, each with its manifest. */
  readonly older: Release
  readonly newer: Release
  readonly ways: Map<string, AgentWay>
  /** The release that each instance runs, by what its agent has done until now. */
  running(): Record<string, string>
  /** The file that the agent of an instance reads now; null without one. */
  desired(instance: string): ReadonlyMap<string, string> | null
}

/** Instances on hosts that pull, and their agents: they read the newest commit of the ledger in memory, and nothing else. */
export async function pulling(many: number, change: Partial<PullFleet> = {}): Promise<Pulling> {
  const memory = inMemory()
  const ways = new Map<string, AgentWay>()
  const done = new Map<string, { order: string; tag: string; state: 'done' | 'failed' }>()
  const since = new Map<string, { order: string; at: number }>()
  const now = () => memory.clock.now().getTime()

  const desired = (instance: string) => {
    const commit = memory.ledgers.commits('shop', 'production').at(-1)
    const text = commit?.others[`desired/web/${instance}`]
    return text === undefined ? null : words(text)
  }

  function look(instance: string) {
    const [order, tag] = ['order', 'tag'].map((word) => desired(instance)?.get(word) ?? '')
    const before = done.get(instance) ?? { order: '', tag: older.tag, state: 'done' as const }
    const way = ways.get(instance) ?? 'well'
    if (order === undefined || tag === undefined || order === '' || order === before.order || way === 'off')
      return before
    const first = since.get(instance)?.order === order ? since.get(instance)?.at : undefined
    if (first === undefined) since.set(instance, { order, at: now() })
    const looks = typeof way === 'number' ? way : 1
    if (now() - (first ?? now()) < looks * interval) return before
    const failed = way === 'fails' && tag === newer.tag
    const after = { order, tag: failed ? before.tag : tag, state: failed ? 'failed' : 'done' } as const
    done.set(instance, after)
    return after
  }

  const at = (variables: Readonly<Record<string, string>>) => variables.ROLLGATE_INSTANCE ?? ''
  memory.prober.replyBy('http://host/version', (seen) => ({ kind: 'yes', text: look(at(seen)).tag }))
  memory.prober.replyBy('http://host/agent', (seen) => {
    const { order, state } = look(at(seen))
    const why = state === 'failed' ? 'its self test exited with 1' : ''
    return { kind: 'yes', text: JSON.stringify({ order, state, why, looked: '' }) }
  })

  const web = aService('web', many)
  const instances = web.fleet.instances.map((one) => ({ ...one, host: one.name }))
  const service: Service = {
    ...web,
    fleet: {
      ...{ kind: 'pull', instances, interval, intervals, status: null },
      ...{ prepare: null, stop: null, install: null, start: null },
      ...change,
    },
    traffic: {
      ...{ kind: 'command', leave: null, enter: null, timeout: 1_000 },
      serving: { kind: 'http', url: 'http://door/serving', timeout: 1_000 },
    },
    version: { kind: 'http', url: 'http://host/version', timeout: 1_000 },
  }
  memory.prober.replyBy('http://door/serving', () => ({ kind: 'yes', text: '' }))
  const [before, after] = [await published(memory, older), await published(memory, newer)]
  return {
    ...{ memory, service, ways, desired, older: before, newer: after },
    running: () => Object.fromEntries(instances.map(({ name }) => [name, look(name).tag])),
  }
}

/** Publishes a release with a manifest that names one file. */
export async function published(
  { releases }: Pick<InMemory, 'releases'>,
  release: Release,
  file = aFile('shop.tar.gz', release.tag),
): Promise<Release> {
  const { name, sha256, content, mediaType } = file
  const artifacts = [{ name, sha256, size: content.size, 'media-type': mediaType }]
  const { tag, sha: commit, baseVersion, schemaVersion } = release
  const recipe = { 'base-version': baseVersion, 'schema-version': schemaVersion }
  const text = manifestText(aManifest({ tag, commit, artifacts, ...recipe }))
  const manifest = aFile(manifestName, text, 'application/json')
  const draft = await releases.draft(tag, commit, '')
  await releases.attach(draft, manifest)
  await releases.attach(draft, file)
  await releases.publish(draft, { text: '', prerelease: false })
  return { ...release, manifest: manifest.sha256 }
}
