import type { RecordStore } from '../../src/pipeline/ports.ts'
import type { ShownRecord } from '../contracts/record.contract.ts'

export interface MemoryRecords extends RecordStore {
  /** Oldest first. */
  readonly shown: readonly ShownRecord[]
  /** The states a record went through, each with its words: `in_progress: rolling web`. */
  states(record: number): string[]
}

export function createMemoryRecords(): MemoryRecords {
  const shown: Kept[] = []
  const known = (record: number) => {
    const found = shown.find(({ id }) => id === record)
    if (found === undefined) throw new Error(`there is no record ${record}`)
    return found
  }
  return {
    shown,
    states: (record) => known(record).statuses.map(({ state, description }) => `${state}: ${description}`),
    async open(plan, deployment, run, { mayExist }) {
      const key = `${plan.environment.name} ${plan.app} ${deployment} ${plan.digest}`
      const earlier = mayExist ? shown.find((record) => record.key === key) : undefined
      if (earlier !== undefined) return earlier.id
      shown.push({
        key,
        id: shown.length + 1,
        sha: plan.release.sha,
        task: plan.mode,
        environment: plan.environment.name,
        production: plan.environment.class === 'production',
        payload: {
          schema: 1,
          app: plan.app,
          deployment,
          release: plan.release.tag,
          mode: plan.mode,
          previous: plan.from?.tag ?? null,
          'plan-digest': plan.digest,
          run,
        },
        statuses: [],
      })
      return shown.length
    },
    async say(record, { state, description, run, url }) {
      const { statuses } = known(record)
      const points = [...description]
      statuses.push({
        state,
        description: points.length > 140 ? `${points.slice(0, 139).join('')}…` : description,
        environmentUrl: state === 'success' ? (url ?? '') : '',
        logUrl: run,
      })
    },
  }
}

interface Kept extends ShownRecord {
  readonly key: string
  readonly statuses: ShownRecord['statuses'][number][]
}
