import type { Frame, LiveRun } from '../run/frame.ts'
import type { Protection } from '../site/gate-keeper.ts'
import { mayDeploy } from './branch-policy.ts'

/** The environment that a job names, as far as GitHub let the job into it. */
export type Entrance = { readonly name: string } | { readonly refused: string }

interface NamedEnvironment {
  readonly name: string
  readonly deployment: boolean
  /** The ID of the job with those of its callers. */
  readonly job: string
}

/** Takes a job through the protection of its environment. */
export async function enterEnvironment({ run }: Frame, wanted: NamedEnvironment): Promise<Entrance> {
  const { name } = wanted
  const { gates, inForce } = run.site
  if (gates.find(name) === undefined) {
    if (!inForce('environment-created')) return { refused: `There is no environment ${name}.` }
    gates.create(name)
  }
  const protection = gates.find(name)
  if (protection === undefined) throw new Error(`the environment ${name} was not created`)
  const refusal = refusalOf(run, wanted, protection) ?? (await reviewed(run, wanted, protection))
  if (refusal !== undefined) return { refused: refusal }
  if (wanted.deployment || !inForce('deployment-false-makes-none'))
    run.site.register.deployed(registered(run), name)
  return { name }
}

/** The reason for which the job fails before a reviewer is asked. */
function refusalOf(
  { site, start }: LiveRun,
  { name, deployment }: NamedEnvironment,
  protection: Protection,
): string | undefined {
  const { refs, customRule } = protection
  if (refs !== null && !mayDeploy(start.ref, refs) && site.inForce('environment-ref-policy'))
    return `${start.ref.replace(/^refs\/(heads|tags)\//, '')} is not allowed to deploy to ${name} due to environment protection rules.`
  if (customRule && !deployment && site.inForce('deployment-false-custom-rule'))
    return `The environment ${name} has a custom protection rule, which a job with deployment: false cannot pass.`
  return undefined
}

/** Waits for a reviewer. Returns the reason for which the job fails, if it does. */
async function reviewed(
  run: LiveRun,
  { name, job }: NamedEnvironment,
  protection: Protection,
): Promise<string | undefined> {
  const { site, start, place } = run
  if (protection.reviewers.length === 0) return undefined
  site.register.waitFor(start.id, [name])
  const keepsPlace = site.inForce('approval-holds-group')
  if (!keepsPlace && place !== null) site.groups.leave(place.group, place.member)
  const verdict = await run.desk.wait({ run: start.id, environment: name, job })
  if (!keepsPlace && place !== null) await site.groups.enter(place.group, place.member)
  if (verdict === null)
    return site.inForce('approval-30-days')
      ? `The deployment to ${name} was not approved within 30 days.`
      : undefined
  if (!protection.reviewers.includes(verdict.by) && site.inForce('reviewer-must-be-named'))
    return `${verdict.by} is no reviewer of ${name}.`
  const isOwn = protection.preventSelfReview && verdict.by === start.actor
  if (isOwn && site.inForce('self-review-prevented'))
    return `${verdict.by} started the run and cannot approve it.`
  site.register.reviewed(start.id, name, verdict)
  return verdict.state === 'rejected' && site.inForce('rejection-fails')
    ? `${verdict.by} rejected the deployment to ${name}.`
    : undefined
}

/** The facts of a run that pages show. */
export const registered = ({ start }: LiveRun) => ({
  id: start.id,
  attempt: start.attempt,
  workflow: start.workflow.replace(/^.*\//, ''),
  event: start.event.name,
  branch: start.ref.replace(/^refs\/(heads|tags)\//, ''),
  sha: start.sha,
  actor: start.actor,
  triggeringActor: start.triggeringActor,
})
