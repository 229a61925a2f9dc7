import { Problem } from '../../../domain/problem.ts'
import type { Neighbour } from '../../../pipeline/ports.ts'
import { ask } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { ledgerNames } from './ref.ts'

/** The ledgers of an environment, and the apps that GitHub has records of and no ledger. */
export async function neighbours(github: GitHub, environment: string): Promise<Neighbour[]> {
  const ledgers = await ledgersOf(github, environment)
  const apps = await recordedApps(github, environment)
  const unknown = apps.filter((app) => !ledgers.some((one) => one.app === app))
  return [...ledgers, ...unknown.map((app) => ({ app, environment, kind: 'record' }) as const)]
}

async function ledgersOf(github: GitHub, environment: string): Promise<Neighbour[]> {
  const refs = await ask(
    { doing: 'list the ledgers', needs: 'contents: read' },
    github.rest.git.listMatchingRefs({ ...github.place, ref: 'rollgate/' }),
  )
  return refs.flatMap(({ ref }) => {
    const names = ledgerNames(ref)
    return names !== null && same(names.environment, environment)
      ? [{ ...names, kind: 'ledger' as const }]
      : []
  })
}

/** A token that may not read Deployments sees the ledgers alone. */
async function recordedApps(github: GitHub, environment: string): Promise<string[]> {
  try {
    const records = await ask(
      { doing: `look for records of ${environment}`, needs: 'deployments: read' },
      github.rest.repos.listDeployments({ ...github.place, environment, per_page: 30 }),
    )
    return [...new Set(records.flatMap(({ payload }) => appIn(payload)))]
  } catch (failure) {
    if (failure instanceof Problem && failure.code === 'permission-missing') return []
    throw failure
  }
}

function appIn(payload: unknown): string[] {
  if (payload === null || typeof payload !== 'object' || !('app' in payload)) return []
  return typeof payload.app === 'string' && 'plan-digest' in payload ? [payload.app] : []
}

/** Names of environments have no case at GitHub. */
const same = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase()
