import { type Plan, titleOf } from '../plan/plan.ts'
import { ruleOf } from '../question/gate.ts'
import { checksIn, describeFeasibility } from '../release/feasibility.ts'
import { describeRehearsal } from '../release/rehearsal.ts'
import { describeRelease } from '../release/release.ts'
import { describeVerification } from '../release/verification.ts'
import { describeOverridden } from '../schedule/freeze-words.ts'
import { describeHaltOverride } from '../signal/override-halt.ts'
import { isRoll, type RollStep, type Step } from '../step/step.ts'
import { approveStep, rollSteps } from '../step/steps-in.ts'

/** A part of a plan with a digest of its own, so that a change can be named where only digests are left of the plan. */
export interface Section {
  readonly part: (plan: Plan) => unknown
  /** The section as a person knows it, with its present value. */
  readonly inWords: (now: Plan, then: ShownCommits) => string
}

/** The commits that the approver saw: of the release, and of the serving release; null if nothing served. */
export interface ShownCommits {
  readonly release: string
  readonly serving: string | null
}

/** The sections of a plan, in the order in which changes are named. Every field of a plan is in one of them. */
export const sections = {
  request: {
    part: ({ schema, app, environment, mode, supersedes, pinned }) => [
      ...[schema, app, environment.name, mode],
      ...(supersedes === null ? [] : [supersedes]),
      ...(pinned.length === 0 ? [] : [pinned]),
    ],
    inWords: (now) => `the request (now: ${titleOf(now, (name) => name)})`,
  },
  schedule: {
    part: ({ schedule }) => schedule,
    inWords: ({ schedule }) => `the schedule that starts it (now: ${schedule?.id ?? 'none'})`,
  },
  tag: {
    part: ({ release }) => release.tag,
    inWords: ({ release }) => `the requested tag (now: ${release.tag})`,
  },
  release: {
    part: ({ release, snapshot }) => [release, snapshot],
    inWords: ({ release: { tag, sha } }, then) =>
      sha === then.release
        ? `the versions of ${tag}, its manifest, or its GitHub Release`
        : `the commit of the release (now: ${tag} is ${sha}; approved: ${then.release})`,
  },
  serving: {
    part: ({ from, relation, commits }) => [from, relation, commits],
    inWords: ({ from, commits }, then) =>
      (from?.sha ?? null) === then.serving
        ? `the commits between the serving release and this one (now: ${commits})`
        : `the serving release (now: ${from === null ? 'none' : describeRelease(from)}; approved: ${then.serving?.slice(0, 7) ?? 'none'})`,
  },
  policy: {
    part: ({ environment: { name: _, ...environment }, steps }) => [environment, ruleOf({ steps })],
    inWords: ({ environment: { name, class: stake }, steps }) =>
      `the policy of ${name} on the default branch (now: class ${stake}, ${approvalWords[ruleOf({ steps }).kind]})`,
  },
  recipe: {
    part: ({ steps, omitted, slowAfter, engines, manifests }) => [
      recipeIn(steps),
      omitted,
      slowAfter,
      ...(engines.length === 0 ? [] : [engines]),
      ...(manifests.length === 0 ? [] : [manifests]),
    ],
    inWords: ({ steps }) =>
      `the recipe: steps, or settings of a service (now: ${steps.map(({ id }) => id).join(', ')})`,
  },
  hosts: {
    part: ({ steps, fleets, shownAs }) => [rollSteps(steps).map(hostsOf), fleets, shownAs],
    inWords: ({ steps }) => `the hosts, or what is set for one (now: ${eachRoll(steps, hostsInWords)})`,
  },
  batches: {
    part: ({ steps }) => rollSteps(steps).map(batchesOf),
    inWords: ({ steps }) =>
      `the batches (now: ${eachRoll(steps, ({ batches, width }) => `${batches.length}, of ${width} at most`)})`,
  },
  files: {
    part: ({ files }) => files,
    inWords: ({ files }) =>
      `the files that its commands need (now: ${files?.unread ?? `${files?.findings.length ?? 0} not there`})`,
  },
  variables: {
    part: ({ requiresVariables, vars }) => [requiresVariables, vars],
    inWords: ({ requiresVariables, vars }) =>
      `the variables that it requires, or takes from the job (now: ${[...requiresVariables, ...vars].join(', ') || 'none'})`,
  },
  'way-back': {
    part: ({ wayBack }) => wayBack,
    inWords: ({ wayBack }) =>
      `the way back (now: ${wayBack === null ? 'none' : `to ${describeRelease(wayBack.release)}, ${describeFeasibility(wayBack.feasibility)}`})`,
  },
  checks: {
    part: ({ wayBack }) => wayBack && checksIn(wayBack.feasibility),
    inWords: () => 'the checks that prove the way back',
  },
  destruction: {
    part: ({ guard, baseChange }) => [guard, baseChange],
    inWords: ({ guard }) =>
      `the data that it destroys, or the confirmation (now: ${guard === null ? 'none is needed' : `${guard.reasons.join(' ')} ${guard.confirmed ? 'Confirmed.' : 'Not confirmed.'}`})`,
  },
  acknowledged: {
    part: ({ unsafe, older }) => [unsafe, older],
    inWords: ({ unsafe, older }) =>
      `the acknowledged risk (now: ${unsafe ?? (older === null ? 'none' : `it is older than ${older}`)})`,
  },
  override: {
    part: ({ overridden }) => overridden,
    inWords: ({ overridden }) =>
      `the override of a freeze (now: ${overridden === null ? 'none' : describeOverridden(overridden)})`,
  },
  'halt-override': {
    part: ({ overriddenHalt }) => overriddenHalt,
    inWords: ({ overriddenHalt }) =>
      `the override of signals that halt (now: ${overriddenHalt === null ? 'none' : describeHaltOverride(overriddenHalt)})`,
  },
  verification: {
    part: ({ verification }) => verification,
    inWords: ({ verification }) =>
      `the proof of the release (now: ${verification === null ? 'none asked for' : describeVerification(verification)})`,
  },
  rehearsal: {
    part: ({ rehearsal }) => rehearsal,
    inWords: ({ rehearsal }) =>
      `the rehearsal of the rollback (now: ${rehearsal === null ? 'none asked for' : describeRehearsal(rehearsal)})`,
  },
  warnings: {
    part: ({ warnings }) => warnings,
    inWords: ({ warnings }) => `the warnings (now: ${warnings.length})`,
  },
  refusals: {
    part: ({ refusals }) => refusals,
    inWords: ({ refusals }) => `the reasons against it (now: ${refusals.length})`,
  },
} satisfies Readonly<Record<string, Section>>

export type SectionName = keyof typeof sections

export const sectionNames = Object.keys(sections) as readonly SectionName[]

const approvalWords = {
  none: 'no approval',
  reviewers: "approval by GitHub's reviewers",
  named: 'approval by named people',
} as const

/** The steps as the recipe gives them: without the rule of the approval, and without the hosts. */
function recipeIn(steps: readonly Step[]): unknown[] {
  const approve = approveStep(steps)
  return steps.map((step) => (step === approve ? step.id : isRoll(step) ? settingsOf(step) : step))
}

function settingsOf({
  service,
  batches: _,
  width,
  sizes,
  floor,
  back,
  testBed,
  unfinished,
  ...step
}: RollStep): unknown {
  const { instances, ...fleet } = service.fleet
  return { ...step, service: { ...service, fleet } }
}

const hostsOf = ({ id, service, unfinished }: RollStep): unknown => [id, unfinished, service.fleet.instances]

const batchesOf = ({ id, width, sizes, floor, back, testBed, batches }: RollStep): unknown => [
  id,
  width,
  floor,
  testBed,
  batches,
  ...(sizes.length === 0 ? [] : [sizes]),
  ...(back === null ? [] : [back]),
]

const eachRoll = (steps: readonly Step[], words: (step: RollStep) => string): string =>
  rollSteps(steps)
    .map((step) => `${step.service.name}: ${words(step)}`)
    .join('; ') || 'none'

const mostNamed = 3

function hostsInWords({ service }: RollStep): string {
  const names = service.fleet.instances.map(({ name }) => name)
  const more = names.length - mostNamed
  return `${names.slice(0, mostNamed).join(', ') || 'unknown'}${more > 0 ? ` and ${more} more` : ''}`
}
