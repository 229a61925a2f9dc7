import { realpathSync } from 'node:fs'
import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { diagnose } from '../../domain/doctor/diagnosis.ts'
import type { Diagnosis } from '../../domain/doctor/health.ts'
import { judgeJob } from '../../domain/doctor/job.ts'
import { versionInPath } from '../../domain/doctor/runner-version.ts'
import { Problem } from '../../domain/problem.ts'
import { readingOf } from '../../domain/reading.ts'
import { examine } from '../../pipeline/look/doctor.ts'
import { datedAnswers, examineJob, type JobFacts } from '../../pipeline/look/job-doctor.ts'
import { policyText } from '../../pipeline/plan/survey.ts'
import { doctorPage } from '../../report/doctor/page.ts'
import type { Hands } from '../run/hands.ts'
import { type Consulting, consultingOf, withoutSecrets } from '../run/wire.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Asks what only a job can know, and keeps the answers. Changes nothing but a reference that it removes. */
export async function doctorDoor(hands: Hands<'doctor'>): Promise<void> {
  const consulting = consultingOf(hands)
  const { policy, policies } = await policiesFor(hands)
  const { answers, at } = await consult(hands, consulting, policies, policy, consulting.probe)
  tell(hands, answers.all, at)
  if (answers.all.some(({ health }) => health === 'ill')) process.exitCode = 1
  const kept = datedAnswers(withoutSecrets(answers.ofJob), at, hands.runner.run)
  await consulting.answers.keep(policies[0]?.app ?? hands.app, kept)
}

/** The look before the gate: reads, and writes nothing. No finding keeps the gated job from asking. */
export async function lookAsDoctor(hands: Hands<'doctor'>): Promise<void> {
  const consulting = consultingOf(hands)
  const { policy, policies } = await policiesFor(hands)
  if (policy !== null) await refuseUnmade(hands, policy.name)
  const { answers, at } = await consult(hands, consulting, policies, null, null)
  tell(hands, answers.all, at)
}

async function policiesFor({ inputs, ports, config }: Hands<'doctor'>) {
  const source = await policyText(ports.repository, inputs.config)
  const policies = config.readPolicies(source)
  const { environment } = inputs
  return { policies, policy: environment === null ? null : config.readPolicy(source, environment) }
}

/** A job that names a missing environment makes it: a doctor must not. */
async function refuseUnmade({ ports }: Hands<'doctor'>, environment: string): Promise<void> {
  const rules = await ports.repository.environmentRules(environment)
  if (rules.kind !== 'absent') return
  throw new Problem('environment-unprotected', {
    what: `There is no environment ${environment} in this repository.`,
    why: 'A job that names an unknown environment makes it, without any protection.',
    next: `Create ${environment} under Settings, Environments. Nothing was changed.`,
  })
}

async function consult(
  hands: Hands<'doctor'>,
  { settings }: Consulting,
  policies: readonly EnvironmentPolicy[],
  policy: EnvironmentPolicy | null,
  probe: Consulting['probe'] | null,
) {
  const { ports, app } = hands
  const place =
    policy === null ? null : { environment: policy.name, requires: policy.requiresVariables ?? [] }
  const facts = factsOf(hands, policies[0]?.app ?? app)
  const ofJob = judgeJob(await examineJob(ports, settings, facts, place, probe))
  const all: readonly Diagnosis[] = [
    ...ofJob,
    ...diagnose(policies, await examine(settings, ports, policies)),
  ]
  return { answers: { all, ofJob }, at: ports.clock.now().toISOString() }
}

const factsOf = ({ inputs, runner }: Hands<'doctor'>, app: string): JobFacts => ({
  repository: runner.repository,
  app,
  runner: versionInPath(realpathSync(process.execPath)),
  workflow: readingOf(inputs.workflowRepository || null),
  run: runner.run,
  config: inputs.config,
})

function tell({ ports: { voice } }: Hands, answers: readonly Diagnosis[], at: string): void {
  addSummary(doctorPage(withoutSecrets(answers), at))
  for (const { question, health, what, next } of answers)
    if (health === 'ill') voice.warning(question, `${what} ${next}`)
    else voice.line(`${health}: ${question}: ${what}`)
  tellOutputs({
    outcome: 'looked',
    result: JSON.stringify({ schema: 1, command: 'doctor', outcome: 'looked', at, answers }),
  })
}
