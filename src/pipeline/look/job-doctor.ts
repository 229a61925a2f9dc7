import type { KeptAnswer } from '../../domain/doctor/answers.ts'
import type { GatedRead } from '../../domain/doctor/gated.ts'
import type { JobAnswer, JobRead } from '../../domain/doctor/job.ts'
import type { ProbeRead } from '../../domain/doctor/probe.ts'
import { mapped, type Reading } from '../../domain/reading.ts'
import type { Run } from '../../domain/release/release.ts'
import type { Ports, ReferenceProbe, RepositorySettings } from '../ports.ts'

/** The facts that a job knows of itself. */
export interface JobFacts {
  readonly repository: string
  readonly app: string
  readonly runner: Reading<string>
  readonly workflow: Reading<string>
  readonly run: Run
  readonly config: string
}

/** The environment of a gated job, and the names of the variables that its policy requires. */
export interface GatedPlace {
  readonly environment: string
  readonly requires: readonly string[]
}

type JobPorts = Pick<Ports, 'repository' | 'given'>

/** Takes the readings that only a job can take. `probe`: null for a job that must not write. */
export async function examineJob(
  ports: JobPorts,
  settings: RepositorySettings,
  facts: JobFacts,
  place: GatedPlace | null,
  probe: ReferenceProbe | null,
): Promise<JobRead> {
  const { repository, app, runner, workflow, config, run } = facts
  const probed: ProbeRead | null =
    probe === null ? null : await probe.probe(run, place === null ? '' : place.environment)
  const [server, rulesets, contents, actions, deployments] = await Promise.all([
    settings.server(),
    settings.rulesets(`refs/rollgate/${app}/${place?.environment ?? 'environment'}`),
    ports.repository.file(config, null),
    settings.environments(),
    settings.deployments(),
  ])
  const rights = { 'contents: read': contents, 'actions: read': actions, 'deployments: read': deployments }
  const gated = place === null ? null : await behindTheGate(ports, place, run)
  return { repository, runner, workflow, server, rights, rulesets, probe: probed, gated }
}

async function behindTheGate(
  { repository, given }: JobPorts,
  { environment, requires }: GatedPlace,
  run: Run,
): Promise<GatedRead> {
  const [rules, reviews] = await Promise.all([
    repository.environmentRules(environment),
    repository.approvals(run.id, environment),
  ])
  return {
    environment,
    secret: given.secret,
    required: Object.fromEntries(requires.map((name) => [name, given.variable(name)])),
    reviewers: mapped(rules, ({ reviewers }) => reviewers),
    approvals: mapped(reviews, ({ approved }) => approved.map(({ by }) => by)),
  }
}

/** Dates the answers of a job. */
export const datedAnswers = (answers: readonly JobAnswer[], at: string, run: Run): readonly KeptAnswer[] =>
  answers.map((answer) => ({ ...answer, at, run: run.url }))
