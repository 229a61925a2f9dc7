import { describeForRecord, type Plan } from '../../src/domain/plan/plan.ts'
import { absent, found } from '../../src/domain/reading.ts'
import type { RecordState, RecordStore } from '../../src/pipeline/ports.ts'
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
    async open(plan, deployment, run, { mayExist, startedAt = '' }) {
      const key = keyOf(plan, deployment)
      const earlier = mayExist ? shown.find((record) => record.key === key) : undefined
      if (earlier !== undefined) return earlier.id
      shown.push({
        key,
        app: plan.app,
        deployment,
        id: shown.length + 1,
        sha: plan.release.sha,
        task: plan.mode,
        environment: plan.environment.name,
        production: plan.environment.class === 'production',
        description: cut(describeForRecord(plan)),
        payload: {
          schema: 1,
          app: plan.app,
          deployment,
          release: plan.release.tag,
          mode: plan.mode,
          previous: plan.from?.tag ?? null,
          'plan-digest': plan.digest,
          run,
          ...(plan.older === null ? {} : { older: plan.older }),
          ...(plan.warnings.length === 0 ? {} : { warnings: plan.warnings }),
          ...(plan.environment.logs === null ? {} : { logs: plan.environment.logs }),
          ...(plan.schedule === null
            ? {}
            : {
                schedule: {
                  id: plan.schedule.id,
                  planned: plan.schedule.at.at,
                  started: startedAt,
                  late: (Date.parse(startedAt) - Date.parse(plan.schedule.at.at)) / 1_000,
                },
              }),
        },
        statuses: [],
      })
      return shown.length
    },
    async find(plan, deployment) {
      return shown.find(({ key }) => key === keyOf(plan, deployment))?.id ?? null
    },
    async state(record) {
      const one = shown.find(({ id }) => id === record)
      return one === undefined ? absent : found((one.statuses.at(-1)?.state ?? null) as RecordState | null)
    },
    async recent(app, environment) {
      return shown
        .filter((record) => record.app === app && record.environment === environment)
        .map(({ id, deployment, statuses }) => ({
          record: id,
          deployment,
          state: (statuses.at(-1)?.state ?? null) as RecordState | null,
        }))
        .toReversed()
        .slice(0, 5)
    },
    async say(record, { state, description, run, url }) {
      const { statuses } = known(record)
      statuses.push({
        state,
        description: cut(description),
        environmentUrl: state === 'success' ? (url ?? '') : '',
        logUrl: run,
      })
    },
  }
}

function cut(description: string): string {
  const points = [...description]
  return points.length > 140 ? `${points.slice(0, 139).join('')}…` : description
}

const keyOf = ({ environment, app, digest }: Plan, deployment: number): string =>
  `${environment.name} ${app} ${deployment} ${digest}`

interface Kept extends ShownRecord {
  readonly key: string
  readonly app: string
  readonly deployment: number
  readonly statuses: ShownRecord['statuses'][number][]
}
