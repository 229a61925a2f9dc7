import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { FrozenRecipe } from '../../src/domain/release/manifest.ts'
import { readInventory } from '../../src/inputs/config/inventory.ts'
import type { Request } from '../../src/pipeline/plan/request.ts'
import { type ConfigReader, survey } from '../../src/pipeline/plan/survey.ts'
import { aFailed, aHistory, aPast } from '../domain/a-ledger.ts'
import {
  type Asks,
  aLedgerServing,
  anUndertaking,
  aPolicy,
  aRecipe,
  aRelease,
  noSteps,
} from '../domain/a-plan.ts'
import type { InMemory } from './in-memory.ts'

export const configPath = '.github/rollgate.yml'

/** A repository with three releases, of which the second serves production after the first. */
export async function aRepository(memory: InMemory) {
  const release = async (tag: string, schema: string) => {
    const files = { [configPath]: `recipe of ${tag}`, 'db/schema-version': `${schema}\n` }
    return memory.repository.commit('main', files, tag, { tag })
  }
  const v1 = aRelease('v1', { sha: await release('v1', '41') })
  const v2 = aRelease('v2', { sha: await release('v2', '42'), schemaVersion: '42' })
  const v3 = aRelease('v3', { sha: await release('v3', '43'), schemaVersion: '43' })
  await memory.repository.commit('main', { [configPath]: 'the policy' }, 'the policy')
  memory.repository.environment('production', { reviewers: { users: ['rhea'] } })
  const history = aHistory(aPast(v1), aFailed(v3), aPast(v2))
  const serve = (change: Partial<Ledger> = {}) =>
    memory.ledgers.append(null, aLedgerServing(v2, { history, ...change }), 'before')
  return { v1, v2, v3, serve }
}

export interface Reading {
  readonly policy?: Partial<EnvironmentPolicy>
  readonly recipe?: Partial<Recipe>
}

/** A reader whose results do not depend on the text; it keeps the texts that were read. */
export function aReader({ policy = {}, recipe = {} }: Reading = {}) {
  const read: string[] = []
  const reader: ConfigReader = {
    readPolicy({ text, commit }) {
      read.push(`${text}, from ${commit}`)
      return aPolicy(policy)
    },
    readRecipe({ text, commit }, overlay) {
      read.push(`${text}, from ${commit}, under ${overlay.source.text}`)
      return aRecipe({ steps: noSteps, ...recipe })
    },
    readFrozen: () => aFrozen(),
    readInventory,
  }
  return { ...reader, read }
}

export const aFrozen = (change: Partial<FrozenRecipe> = {}): FrozenRecipe => ({
  baseVersion: '2026.1',
  schema: 'db/schema-version',
  largeChange: 50,
  compatible: true,
  readOnly: false,
  migrations: [{ run: 'migrate', phase: 'expand' }],
  content: { release: { 'base-version': '2026.1' }, steps: { migrate: 'migrate' }, services: [] },
  ...change,
})

/** The differences from a plain request to deploy, as one record. */
export type Requests = Partial<Omit<Request, 'undertaking'> & Asks>

export function aRequest(change: Requests = {}): Request {
  const { environment, tag, app, confirm, override, ...asks } = change
  return {
    undertaking: anUndertaking(asks),
    environment: environment ?? 'production',
    tag: tag === undefined ? 'v3' : tag,
    app: app ?? 'shop',
    configPath,
    confirm: confirm ?? '',
    override: override ?? null,
  }
}

export async function planned(memory: InMemory, request: Requests = {}, reader = aReader()) {
  const { planning } = await survey(memory.ports, reader, aRequest(request))
  if (planning.kind !== 'planned') throw new Error(`it is ${planning.kind}`)
  return planning.plan
}
