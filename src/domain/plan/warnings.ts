import { restoreWarnings } from '../backup/restore-refusals.ts'
import { instanceCheck } from '../config/compatibility-recipe.ts'
import { onFleets } from '../config/declared-service.ts'
import { changesInPlace, doesNothing, servesMeanwhile } from '../config/in-place.ts'
import type { Service } from '../config/service.ts'
import { sharedFileWarnings } from '../config/shared-files.ts'
import { detourWarnings } from '../detour/refusals.ts'
import { blockOf, describeBlock } from '../ledger/blocking.ts'
import { leaseWords } from '../ledger/lease-words.ts'
import { describeUnfinished } from '../ledger/unfinished.ts'
import { pullWarnings } from '../pull/refusals.ts'
import { describeFeasibility } from '../release/feasibility.ts'
import { describeRehearsal } from '../release/rehearsal.ts'
import { lastWord } from '../release/release-state.ts'
import { describeVerification } from '../release/verification.ts'
import { orderOf } from '../rolling/rollout-order.ts'
import { acknowledgedOverlap } from '../rolling/together.ts'
import { describeOverridden, type Overridden } from '../schedule/freeze-words.ts'
import { describeHaltOverride } from '../signal/override-halt.ts'
import { absentIn } from '../step/absent.ts'
import { rolledServices } from '../step/rolls.ts'
import { modes, rollsBack } from './modes.ts'
import { overridesHalt, resetsData, type Undertaking } from './undertaking.ts'
import { acknowledgedVerdict } from './way-back.ts'
import type { World } from './wish.ts'

/** Returns the warnings for the approver of a plan. */
export function warnings(undertaking: Undertaking, world: World, overridden: Overridden | null): string[] {
  const { release, relation, recipe, policy, ledger, proofs } = world
  const { verification, rehearsal } = proofs
  const rolled = onFleets(rolledServices(undertaking, recipe))
  const { goesForward, mustBeProven, findsServing } = modes[undertaking.mode]
  const found = [...restoreWarnings(undertaking, world), ...detourWarnings(undertaking, world)]
  if (overridden !== null) found.push(`${describeOverridden(overridden)}.`)
  const halt = overridesHalt(undertaking)
  if (halt !== null) found.push(`${describeHaltOverride(halt)}.`)
  if (mustBeProven && verification?.kind === 'overridden')
    found.push(`${release.tag} is ${describeVerification(verification)}.`)
  if (mustBeProven && rehearsal?.kind === 'overridden')
    found.push(`The rollback from ${release.tag} is ${describeRehearsal(rehearsal)}.`)
  const ended = lastWord(release, ledger.history)
  if (goesForward && ended?.kind === 'rolled-back')
    found.push(`${policy.name} went back from ${release.tag} before, in deployment ${ended.deployment}.`)
  const block = findsServing ? blockOf(ledger, release) : null
  if (block !== null) found.push(`${release.tag} serves, and is ${describeBlock(block)}.`)
  if (goesForward && relation === 'behind')
    found.push(
      `${release.tag} is older than what serves. Deploying an older release is not recommended: data that the newer one wrote may not suit it.`,
    )
  if (relation === 'unknown')
    found.push(
      `${release.tag} and what serves cannot be compared: the repository does not have the commit of ${ledger.serving?.release.tag ?? 'what serves'} any more.${goesForward ? ` It is not known whether ${release.tag} is older, and deploying an older release is not recommended.` : ''}`,
    )
  if (goesForward && resetsData(undertaking))
    found.push(
      `All data of ${policy.name} is set up anew, and what it has now is lost. The data that integrated applications keep there are deleted with it: disconnect them first.`,
    )
  if (relation === 'diverged')
    found.push(`${release.tag} and what serves have diverged: each has commits that the other lacks.`)
  if (policy.class === 'production' && policy.approval.kind === 'none')
    found.push('Deployments to this production environment need no approval: its config says so.')
  if (mustBeProven) found.push(...unprovenWords(world))
  if (policy.approval.kind === 'reviewers' && policy.rollbackNotSelf !== undefined)
    found.push(
      `rollback.not-self has no effect in ${policy.name}: GitHub's own reviewers approve there, and "Prevent self-review" of the environment binds every job.`,
    )
  if (policy.approval.kind === 'reviewers' && policy.approval.atLeast !== undefined)
    found.push(
      `requires.approval.at-least has no effect in ${policy.name}: GitHub's own reviewers approve there, and one of them suffices. To have ${policy.approval.atLeast} people approve, name them in from.`,
    )
  found.push(...acknowledgedWords(undertaking, world))
  if (rollsBack(undertaking.mode))
    found.push(
      'Going back takes back the configuration and the code, not the data that was written meanwhile.',
    )
  for (const { kind, since, deployment } of ledger.leases)
    found.push(
      `The ${leaseWords[kind].thing} has been ${leaseWords[kind].taken} since ${since} by deployment ${deployment}.`,
    )
  const hook = recipe.steps.preDeploy?.run
  if (goesForward && ledger.serving !== null && hook !== ledger.serving.preDeploy?.run)
    found.push(
      'The pre-deploy hook of this release differs from the serving one: it takes effect from the next deployment.',
    )
  for (const service of rolled) {
    found.push(...serviceWarnings(service))
    const left = ledger.unfinished.filter((one) => one.service === service.name)
    found.push(...left.map(describeUnfinished))
  }
  found.push(...leftAbsent(world))
  if (goesForward && instanceCheck(ledger.serving?.checkCompatibility ?? null) !== null)
    found.push(...uncheckedWords(rolled, ledger.serving?.release.tag ?? ''))
  found.push(...sharedFileWarnings(rolled))
  found.push(...pullWarnings(rolled, ledger.serving?.release))
  return found
}

/** Instances that were left unfinished, and whose service the environment does not have any more. */
const leftAbsent = ({ recipe: { absent = [] }, ledger, policy }: World): string[] =>
  ledger.unfinished
    .filter(({ service }) => absent.includes(service))
    .map(
      ({ service, instance, deployment }) =>
        `${service}/${instance} was left unfinished by deployment ${deployment}, and ${absentIn(service, policy)} now: nothing changes it. Look at it by hand.`,
    )

/** An instance that is changed in place has its traffic before anything can meet it. */
const uncheckedWords = (services: readonly Service[], serving: string): string[] =>
  services
    .filter(({ rollout }) => orderOf(rollout.order).provesInTraffic)
    .map(
      ({ name }) =>
        `The checks of ${serving} do not meet the first new instance of ${name}: it is changed in place, and is never out of traffic.`,
    )

/** A production that has a staging beside it, and asks for no proof from there. */
function unprovenWords({
  release,
  policy: { name, class: stake, verifiedIn, stagings = [] },
}: World): string[] {
  const [staging] = stagings
  if (stake !== 'production' || verifiedIn !== null || staging === undefined) return []
  return [
    `${name} asks for no proof: ${release.tag} need not have been in ${stagings.join(' or ')}. To ask for it, set requires.verified-in: ${staging}.`,
  ]
}

/** An acknowledgement without an unsafe rollback has no effect. */
function acknowledgedWords(undertaking: Undertaking, world: World): string[] {
  const verdict = acknowledgedVerdict(undertaking, world)
  const overlap = acknowledgedOverlap(undertaking, world)
  const found = overlap === null ? [] : [`${overlap}, and that was acknowledged.`]
  if (verdict === null) return found
  const what =
    verdict.kind === 'incompatible' ? `is ${describeFeasibility(verdict)};` : 'crosses a contract migration,'
  return [...found, `This rollback ${what} and that was acknowledged: restore the data first.`]
}

function serviceWarnings(service: Service): string[] {
  const { name, version, healthCheck, selfTest, fleet, traffic, rollout } = service
  const found: string[] = []
  if (version === null)
    found.push(
      `${name} has no version probe: what an instance really runs cannot be seen, only what was done.`,
    )
  if (healthCheck === null && selfTest === null)
    found.push(
      `${name} has neither a health check nor a self test: a bad release would be rolled over every instance.`,
    )
  const inPlace = servesMeanwhile(service)
  if (fleet.instances.length === 1 && changesInPlace(service))
    found.push(
      `${name} has one instance, and nothing stops it or takes it out of traffic: it is changed while it serves.`,
    )
  else if (fleet.instances.length === 1 && !inPlace && rollout.acceptDowntime)
    found.push(`${name} has one instance: it is down while it is changed.`)
  if (traffic.kind === 'is-alive' && traffic.leave === undefined && !inPlace && !doesNothing(fleet.stop))
    found.push(
      `${name} leaves traffic by its stop alone: requests that the balancer sends before its next check may fail. \`traffic: { is-alive: { leave, wait } }\` has an instance say first that it is not alive.`,
    )
  if (traffic.kind === 'is-alive' && healthCheck === null && !inPlace)
    found.push(
      `It is never seen whether an instance of ${name} gets requests: its traffic is is-alive, and it has no health-check. The watch leaves a failed instance that is back in traffic to you.`,
    )
  return found
}
