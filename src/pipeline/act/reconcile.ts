import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Serving } from '../../domain/ledger/ledger.ts'
import { questionInWords } from '../../domain/ledger/obstacle.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { atWorkInWords, openInWords } from '../../domain/ledger/underway-words.ts'
import { plainDeploy } from '../../domain/plan/undertaking.ts'
import { asProblem, Problem } from '../../domain/problem.ts'
import { describeRelease, sameCommit } from '../../domain/release/release.ts'
import { type Drift, driftOf, type ServiceJudged } from '../../domain/rolling/drift.ts'
import type { Memory, RecordsSeen } from '../../domain/rolling/sight.ts'
import { shownPlan } from '../../domain/shown/shown-plan.ts'
import type { Doer } from '../lock/doer.ts'
import { type Passage, passPolicy } from '../lock/gate.ts'
import { instancesOf, recollect } from '../look/environment.ts'
import { plainRequest, type RequestPlace } from '../plan/request.ts'
import { type ConfigReader, readPolicy, survey } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'
import { recordsSeen } from '../run/correct-records.ts'
import { checkTag } from '../run/source.ts'
import type { ActingRun } from './acting-run.ts'
import { type Deployed, deploy } from './deploy.ts'

export type Reconciling = RequestPlace

/** The ledger of an environment, the readings of its instances, and the differences. */
export interface DriftFound extends Memory {
  readonly app: string
  readonly environment: Pick<EnvironmentPolicy, 'name' | 'class' | 'url'>
  readonly services: readonly ServiceJudged[]
  readonly drift: Drift
  readonly records: RecordsSeen
}

/** Holds every instance of one environment against its ledger. Changes nothing. */
export async function compare(
  ports: Ports,
  config: ConfigReader,
  asked: Reconciling,
  doer: Doer,
  signal: AbortSignal,
): Promise<DriftFound> {
  const { policy, source } = await readPolicy(ports.repository, config, asked)
  const { name, class: stake, url } = policy
  const place = { app: policy.app ?? asked.app, environment: name }
  const memory = await recollect(ports, place, doer)
  const from = { configPath: asked.configPath, policy: source, signal }
  const services = await instancesOf(ports, config, place, memory.ledger, from)
  return {
    ...memory,
    app: place.app,
    environment: { name, class: stake, url },
    services,
    drift: driftOf(memory.ledger, services),
    records: await recordsSeen(ports, memory.ledger, doer),
  }
}

/** Throws unless a release serves and no run changes the environment. */
export function refuseToConverge({ ledger, live }: Memory): void {
  const { deployment, environment } = ledger
  if (deployment !== null) throw underWay(environment, deployment, live)
  if (ledger.serving === null)
    throw new Problem('input-invalid', {
      what: `The input converge is true, but nothing serves ${environment}.`,
      why: 'To converge is to deploy the serving release again, and there is none yet.',
      next: 'Deploy a release first. Nothing was changed.',
    })
}

/** Judges a converging run before an instance is asked: the probes are commands of a release, too. */
export async function mayConverge(
  ports: Ports,
  config: ConfigReader,
  asked: Reconciling,
  doer: Doer,
): Promise<Passage> {
  const { policy } = await readPolicy(ports.repository, config, asked)
  return passPolicy(ports, policy, 'redeploy', doer)
}

/** Returns the release to converge to, if named people are asked before any look at the instances. */
export async function servingToConverge(
  ports: Ports,
  config: ConfigReader,
  asked: Reconciling,
  doer: Doer,
): Promise<Serving> {
  const { policy } = await readPolicy(ports.repository, config, asked)
  const memory = await recollect(ports, { app: policy.app ?? asked.app, environment: policy.name }, doer)
  refuseToConverge(memory)
  const { serving } = memory.ledger
  if (serving === null) throw new Error('a convergence begins with what serves')
  return serving
}

/**
 * Brings every instance back to the serving release: deploys it again, through the gate, the lock and the
 * record of any deployment. Refused if its tag has moved, or another run changes the environment.
 */
export async function converge(run: ActingRun, asked: Reconciling, serving: Serving): Promise<Deployed> {
  const { ports, config } = run
  const { release } = serving
  await checkTag(ports.repository, release)
  const request = plainRequest(asked, release.tag, { ...plainDeploy, redeploy: true })
  const { planning } = await survey(ports, config, request)
  // The plan is made first and compared later: the serving release, or the tag, may move between the look and
  // the lock.
  const plan = planning.kind === 'planned' ? planning.plan : null
  if (plan?.mode !== 'redeploy' || !sameCommit(plan.release, release)) throw overtaken(asked, serving)
  return deploy(run, request, shownPlan(plan))
}

function underWay(environment: string, underway: Underway, live: boolean | null): Problem {
  const { plan, holder } = underway
  if (holder !== null && live !== false) return asProblem(atWorkInWords(underway, environment, holder))
  const { pause } = standing(plan, underway.journal)
  if (pause !== null) return asProblem(questionInWords(environment, underway, pause))
  return new Problem('deployment-open', {
    what: openInWords(underway, environment),
    why: 'Its run is over, so instances may serve different releases; and it is open which one will stay.',
    next: `Run the ${plan.mode} of ${plan.release.tag} again to finish it, or end it with Rollgate's form. Nothing was changed.`,
  })
}

const overtaken = ({ environment }: Reconciling, { release }: Serving): Problem =>
  new Problem('plan-changed', {
    what: `${describeRelease(release)} no longer is what serves ${environment}.`,
    why: 'A deployment has begun or ended since the instances were looked at.',
    next: 'Run it again: it looks at what serves then. Nothing was changed.',
  })
