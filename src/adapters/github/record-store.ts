import { describeForRecord, type Plan } from '../../domain/plan/plan.ts'
import { Problem } from '../../domain/problem.ts'
import { mapped, type Reading } from '../../domain/reading.ts'
import { latenessAt, type PlannedFor } from '../../domain/schedule/schedule.ts'
import type { RecordState, RecordStore, ShownRecord } from '../../pipeline/ports.ts'
import { afterLoss } from './after-loss.ts'
import { ask, look } from './answer.ts'
import type { GitHub } from './connection.ts'
import { fickle, repeatableAndFickle } from './patience.ts'

export function gitHubRecords(github: GitHub): RecordStore {
  return {
    async open(plan, deployment, run, { mayExist, startedAt = '' }) {
      const wanted = { plan, deployment, run, startedAt }
      return (mayExist ? await search(github, wanted) : null) ?? create(github, wanted)
    },
    find: (plan, deployment) => search(github, { plan, deployment }),
    async say(record, { state, description, run, url }) {
      await ask(
        { doing: `set the record ${record} to ${state}`, needs: 'deployments: write' },
        github.rest.repos.createDeploymentStatus({
          ...github.place,
          // The same status twice does no harm.
          ...repeatableAndFickle,
          deployment_id: record,
          state,
          description: cut(description),
          // GitHub's own way leaves production environments out, so each older record is ended by name.
          auto_inactive: false,
          log_url: run,
          ...(url === null || state !== 'success' ? {} : { environment_url: url }),
        }),
      )
    },
    state: (record) => state(github, record),
    recent: (app, environment) => recent(github, app, environment),
  }
}

async function state(github: GitHub, record: number): Promise<Reading<RecordState | null>> {
  const asking = { doing: `look at the record ${record}`, needs: 'deployments: read' } as const
  const statuses = await look(
    github,
    asking,
    github.rest.repos.listDeploymentStatuses({ ...github.place, deployment_id: record, per_page: 1 }),
  )
  return mapped(statuses, ([newest]) => (newest?.state ?? null) as RecordState | null)
}

/** The smallest number of records, each of which needs a request of its own for its statuses. */
const fewest = 5

async function recent(github: GitHub, app: string, environment: string): Promise<ShownRecord[]> {
  const about = { doing: `look at the records of ${environment}`, needs: 'deployments: read' } as const
  const records = await ask(
    about,
    github.rest.repos.listDeployments({ ...github.place, environment, per_page: 30 }),
  )
  const ours = records.flatMap(({ id, payload }) => {
    const theirs = payload as Partial<ReturnType<typeof payloadOf>> | null
    return theirs?.app === app && typeof theirs.deployment === 'number'
      ? [{ id, number: theirs.deployment }]
      : []
  })
  const shown: ShownRecord[] = []
  for (const { id, number } of ours.slice(0, fewest)) {
    const [newest] = await ask(
      about,
      github.rest.repos.listDeploymentStatuses({ ...github.place, deployment_id: id, per_page: 1 }),
    )
    shown.push({ record: id, deployment: number, state: (newest?.state ?? null) as RecordState | null })
  }
  return shown
}

interface Sought {
  readonly plan: Plan
  readonly deployment: number
}

interface WantedRecord extends Sought {
  readonly run: string
  readonly startedAt: string
}

async function search(github: GitHub, wanted: Sought): Promise<number | null> {
  const { release, environment } = wanted.plan
  const records = await ask(
    { doing: `look for the record of ${environment.name}`, needs: 'deployments: read' },
    github.rest.repos.listDeployments({
      ...github.place,
      sha: release.sha,
      environment: environment.name,
      per_page: 100,
    }),
  )
  return records.find(({ payload }) => isFor(wanted, payload))?.id ?? null
}

/** Never repeated blindly: once an answer was lost, the record may be there. */
async function create(github: GitHub, wanted: WantedRecord, tries = 3): Promise<number> {
  try {
    return await post(github, wanted)
  } catch (failure) {
    if (!(failure instanceof Problem) || failure.code !== 'github-unavailable') throw failure
    const record = await afterLoss(github, () => search(github, wanted))
    if (record !== null) return record
    if (tries === 1) throw failure
    return create(github, wanted, tries - 1)
  }
}

async function post(github: GitHub, wanted: WantedRecord): Promise<number> {
  const { release, environment, mode } = wanted.plan
  const record = await ask<{ id: number; sha: string } | { message?: string }>(
    { doing: `open the record of ${environment.name}`, needs: 'deployments: write' },
    github.rest.repos.createDeployment({
      ...github.place,
      ...fickle,
      ref: release.sha,
      task: mode,
      environment: environment.name,
      description: cut(describeForRecord(wanted.plan)),
      auto_merge: false,
      required_contexts: [],
      production_environment: environment.class === 'production',
      transient_environment: false,
      payload: payloadOf(wanted),
    }),
  )
  if (!('id' in record)) throw merged(wanted)
  if (record.sha !== release.sha) throw differs(wanted, record)
  return record.id
}

const payloadOf = ({ plan, deployment, run, startedAt }: WantedRecord) => ({
  schema: 1,
  app: plan.app,
  deployment,
  release: plan.release.tag,
  mode: plan.mode,
  previous: plan.from?.tag ?? null,
  'plan-digest': plan.digest,
  run,
  ...(plan.older === null ? {} : { older: plan.older }),
  ...(plan.warnings.length === 0 ? {} : { warnings: plan.warnings.slice(0, mostWarnings).map(shortened) }),
  ...(plan.environment.logs === null ? {} : { logs: plan.environment.logs }),
  ...(plan.schedule === null ? {} : { schedule: scheduleOf(plan.schedule, startedAt) }),
})

/** A payload is small, and a plan may have many warnings. */
const mostWarnings = 20
const longestWarning = 300

const shortened = (warning: string): string =>
  warning.length <= longestWarning ? warning : `${warning.slice(0, longestWarning - 1)}…`

/** The planned start, the real start, and the seconds between the two. */
const scheduleOf = (schedule: PlannedFor, started: string) => ({
  id: schedule.id,
  planned: schedule.at.at,
  started,
  late: Math.round(latenessAt(schedule, started) / 1_000),
})

/** Compares the digest as well: numbers start again after a ledger was deleted. */
function isFor({ plan, deployment }: Sought, payload: unknown): boolean {
  const theirs = payload as Partial<ReturnType<typeof payloadOf>> | null
  return theirs?.app === plan.app && theirs.deployment === deployment && theirs['plan-digest'] === plan.digest
}

const longestDescription = 140

/** Cuts by code points, as GitHub counts, so that no character is cut in two. */
function cut(text: string): string {
  const points = [...text]
  return points.length <= longestDescription ? text : `${points.slice(0, longestDescription - 1).join('')}…`
}

const merged = ({ plan }: WantedRecord) =>
  new Problem('github-unavailable', {
    what: `Could not open the record of ${plan.environment.name}: GitHub answered that it merged a branch.`,
    why: 'It does so in place of making a Deployment, although the request told it not to.',
    next: 'Run it again, and look at what was merged into the default branch.',
  })

const differs = ({ plan }: WantedRecord, record: { id: number; sha: string }) =>
  new Problem('record-differs', {
    what: `GitHub recorded ${record.sha} for ${plan.environment.name} (Deployment ${record.id}), not ${plan.release.sha}.`,
    why: 'The record was asked for by the full SHA, so GitHub resolved it to something else.',
    next: 'Check whether a branch or a tag has a SHA for its name, delete it, and run it again.',
  })
