import { canonical } from '../canonical.ts'
import type { EnvironmentClass, Unanswered } from '../config/config.ts'
import type { IssuePolicy } from '../config/issue-policy.ts'
import type { ProblemWords } from '../problem.ts'
import type { Feasibility } from '../release/feasibility.ts'
import type { Rehearsal } from '../release/rehearsal.ts'
import { describeRelease, type Mode, type Relation, type Release } from '../release/release.ts'
import type { Snapshot } from '../release/snapshot.ts'
import type { Verification } from '../release/verification.ts'
import { describeOverridden, type Overridden } from '../schedule/freeze-words.ts'
import type { PlannedFor } from '../schedule/schedule.ts'
import type { FilesThere } from './files-there.ts'
import type { TitleNames } from './mode-traits.ts'
import { modes } from './modes.ts'
import type { Step, StepKind } from './step.ts'
import { rollSteps, taskStep } from './steps-in.ts'

/** The whole deployment as a value. It is shown to the approver, and the same value is executed. */
export interface Plan {
  readonly schema: 1
  readonly app: string
  readonly environment: {
    readonly name: string
    readonly class: EnvironmentClass
    readonly url: string | null
    readonly logs: string | null
    readonly unanswered: Unanswered | null
    /** How people are called by an issue; null where they are not. */
    readonly issues: IssuePolicy | null
  }
  readonly mode: Mode
  readonly release: Release
  /** What GitHub holds of the release; null where nobody looked. */
  readonly snapshot: Snapshot | null
  /** The serving release now. */
  readonly from: Release | null
  readonly relation: Relation
  /** Commits between the two, where they can be counted. */
  readonly commits: number
  readonly steps: readonly Step[]
  /** Steps that the config has and this mode leaves out, with the reason. */
  readonly omitted: readonly { readonly kind: StepKind; readonly reason: string }[]
  readonly warnings: readonly string[]
  /** Why this plan may not be executed. */
  readonly refusals: readonly ProblemWords[]
  /** Whether the environment could be taken back once this is done, and to what. */
  readonly wayBack: { readonly release: Release; readonly feasibility: Feasibility } | null
  /** Why going back is not safe, which whoever started it has acknowledged. */
  readonly unsafe: string | null
  /** The tag that serves and is newer than the release, where an older release is deployed; null for any other. */
  readonly older: string | null
  /** The base version that the environment leaves, and the one that it comes to. */
  readonly baseChange: { readonly from: string; readonly to: string | null } | null
  /** Why it must be confirmed by its words, and whether it was. */
  readonly guard: Guard | null
  /** The freezes that it goes through all the same. */
  readonly overridden: Overridden | null
  /** Whether it has proven itself where the policy asks for that; null where nothing does. */
  readonly verification: Verification | null
  /** Whether the way back from it was rehearsed where the policy asks for that; null where nothing does. */
  readonly rehearsal: Rehearsal | null
  /** What it was scheduled as; null where a person started it. */
  readonly schedule: PlannedFor | null
  /** What is not as its commands need it; null where they name no file, or nobody looked. */
  readonly files: FilesThere | null
  /** The digest of the plan that was shown, where inventories have printed their hosts into it since; else null. */
  readonly shownAs: string | null
  /** SHA-256 over everything above, in hexadecimal. */
  readonly digest: string
}

/** What moved between two plans, named for a person; empty when they are the same. */
export function differences(planned: Plan, now: Plan): string[] {
  const moved: string[] = []
  if (planned.release.sha !== now.release.sha)
    moved.push(`the tag ${now.release.tag} is now ${now.release.sha}, it was ${planned.release.sha}`)
  if (planned.from?.sha !== now.from?.sha)
    moved.push(
      `${now.from?.tag ?? 'nothing'} serves now, the plan was made when ${planned.from?.tag ?? 'nothing'} did`,
    )
  if (canonical(planned.overridden) !== canonical(now.overridden))
    moved.push(
      now.overridden === null
        ? 'nothing is overridden any more'
        : `${describeOverridden(now.overridden)}, and the plan had it otherwise`,
    )
  const changed = parts.filter((part) => canonical(planned[part]) !== canonical(now[part]))
  if (changed.length > 0) moved.push(`changed in the plan: ${changed.join(', ')}`)
  if (moved.length === 0) moved.push('what is known of the release, or of the one that serves')
  return planned.digest === now.digest ? [] : moved
}

const parts = [
  'app',
  'environment',
  'mode',
  'snapshot',
  'steps',
  'omitted',
  'warnings',
  'refusals',
  'wayBack',
  'verification',
  'rehearsal',
  'schedule',
  'baseChange',
  'guard',
  'unsafe',
  'older',
] as const

/** What the record says of a plan. GitHub cuts it, so the warnings come right after what is done. */
export function describeForRecord({ mode, release, warnings }: Plan): string {
  const [first, ...others] = warnings
  if (first === undefined) return `${mode} ${release.tag}`
  const many = others.length === 0 ? 'warning' : `${warnings.length} warnings`
  return `${mode} ${release.tag}, ${many}: ${first}`
}

/** The names of the services that a plan rolls. */
export const servicesIn = ({ steps }: Pick<Plan, 'steps'>): string[] =>
  rollSteps(steps).map(({ service }) => service.name)

/** The task that a plan runs, as its step is called. */
export const taskIn = ({ steps }: Pick<Plan, 'steps'>): string => taskStep(steps)?.id ?? 'no task'

/** The title of a deployment, in names that `shown` makes fit for the page: `Deploy v1.2.0 to production`. */
export const titleOf = (
  plan: Pick<Plan, 'mode' | 'release' | 'environment' | 'steps'>,
  shown: (name: string) => string,
): string =>
  titled(plan, {
    release: shown(plan.release.tag),
    environment: shown(plan.environment.name),
    task: shown(taskIn(plan)),
  })

const titled = ({ mode }: Pick<Plan, 'mode'>, names: TitleNames): string => modes[mode].title(names)

/** The same within a sentence, with the commit: `deploy v1.2.0 (1a2b3c4) to production`. */
export function describePlan(plan: Pick<Plan, 'mode' | 'release' | 'environment' | 'steps'>): string {
  const title = titled(plan, {
    release: describeRelease(plan.release),
    environment: plan.environment.name,
    task: taskIn(plan),
  })
  return `${title.charAt(0).toLowerCase()}${title.slice(1)}`
}

/** Whether one plan does what another does, so that the one can go on with what the other has begun. */
export const isSameDeed = (one: Plan, other: Plan): boolean =>
  one.release.sha === other.release.sha &&
  one.release.tag === other.release.tag &&
  one.mode === other.mode &&
  resets(one) === resets(other) &&
  canonical(subjectOf(one)) === canonical(subjectOf(other))

/** Whether a plan sets all data up anew. */
export const resets = ({ steps }: Pick<Plan, 'steps'>): boolean => steps.some(({ id }) => id === 'reset')

/** What a plan that brings no release is about: the steps that it is asked for. */
export const subjectOf = ({ mode, steps }: Pick<Plan, 'mode' | 'steps'>): string[] =>
  modes[mode].bringsRelease
    ? []
    : steps.filter(({ kind }) => kind === 'roll-services' || kind === 'task').map(({ id }) => id)

/** What is never done by accident: whoever starts it types the words that the plan shows. */
export interface Guard {
  /** What would be done, each as a sentence. */
  readonly reasons: readonly string[]
  /** What the input `confirm` must be, to the letter. */
  readonly words: string
  readonly confirmed: boolean
}
