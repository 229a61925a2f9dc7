import { canonical } from '../canonical.ts'
import type { CommandFleet } from '../config/command-fleet.ts'
import type { EngineService } from '../config/engine-recipe.ts'
import type { IssuePolicy } from '../config/issue-policy.ts'
import type { EnvironmentClass, Unanswered } from '../config/policy.ts'
import type { PlannedManifest } from '../engine/manifests.ts'
import type { NoticeRule } from '../notify/notice-rule.ts'
import type { ProblemWords } from '../problem.ts'
import type { Feasibility } from '../release/feasibility.ts'
import type { Override } from '../release/override.ts'
import type { Rehearsal } from '../release/rehearsal.ts'
import { describeRelease, type Relation, type Release, sameRelease } from '../release/release.ts'
import type { Snapshot } from '../release/snapshot.ts'
import type { Verification } from '../release/verification.ts'
import type { Overridden } from '../schedule/freeze-words.ts'
import type { PlannedFor } from '../schedule/schedule.ts'
import type { HaltPolicy } from '../signal/halt-policy.ts'
import { changesService, type Step, type StepKind } from '../step/step.ts'
import type { LeaseKind } from '../step/step-traits.ts'
import { resetStep, restoreStep, serviceSteps, taskStep } from '../step/steps-in.ts'
import type { Wave } from '../wave/wave-policy.ts'
import type { FilesThere } from './files-there.ts'
import type { TitleNames } from './mode-traits.ts'
import { deedOf, modes } from './modes.ts'
import type { Mode } from './undertaking.ts'

/** The whole deployment as a value. It is shown to the approver, and the same value is executed. */
export interface Plan {
  readonly schema: 1
  readonly app: string
  readonly environment: {
    readonly name: string
    readonly class: EnvironmentClass
    readonly url: string | null
    readonly logs: string | null
    /** Variables for commands, which are no secrets. */
    readonly env: Readonly<Record<string, string>>
    readonly unanswered: Unanswered | null
    /** The issues that notify people; null without them. */
    readonly issues: IssuePolicy | null
    /** The signals that hold it back; null without them. */
    readonly halt: HaltPolicy | null
    /** The commands and addresses that are told of it. */
    readonly notify: readonly NoticeRule[]
    /** The environments that start by themselves once the release is proven here. */
    readonly waves: readonly Wave[]
  }
  readonly mode: Mode
  readonly release: Release
  /** GitHub's view of the release; null without that reading. */
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
  /** The reasons why this plan may not be executed. */
  readonly refusals: readonly ProblemWords[]
  /** The release to go back to afterwards, and the verdict on that. */
  readonly wayBack: { readonly release: Release; readonly feasibility: Feasibility } | null
  /** The reason why going back is not safe, acknowledged at the start. */
  readonly unsafe: string | null
  /** The tag that serves and is newer than the release, where an older release is deployed; null for any other. */
  readonly older: string | null
  /** The base version of the environment before and after. */
  readonly baseChange: { readonly from: string; readonly to: string | null } | null
  /** The confirmation that it needs, and if it was given. */
  readonly guard: Guard | null
  /** The freezes that it overrides. */
  readonly overridden: Overridden | null
  /** The person who lets a forward fix through while a signal halts, and the reason; null for any other. */
  readonly overriddenHalt: Override | null
  /** The proof from another environment, if the policy asks for one; null otherwise. */
  readonly verification: Verification | null
  /** The rehearsal of the rollback, if the policy asks for one; null otherwise. */
  readonly rehearsal: Rehearsal | null
  /** The deployment that waits in a detour, and whose place it takes; null for any other. */
  readonly supersedes: number | null
  /** The leases that only a person may end: a migration of an earlier deployment has begun and not succeeded. */
  readonly pinned: readonly LeaseKind[]
  /** The schedule that it starts; null if a person started it. */
  readonly schedule: PlannedFor | null
  /** The faults of files that its commands need; null if they name no file, or the files were not read. */
  readonly files: FilesThere | null
  /** The manifests that it applies, as the commit of the release has them. */
  readonly manifests: readonly PlannedManifest[]
  /** Names of the variables without which no run executes it, sorted. */
  readonly requiresVariables: readonly string[]
  /** Names of GitHub's `vars` that its commands see. */
  readonly vars: readonly string[]
  /** The milliseconds after which a step that runs commands is warned of. */
  readonly slowAfter: number
  /** The fleets on whose instances commands of steps run. */
  readonly fleets: readonly CommandFleet[]
  /** The services on whose engines commands of steps run as jobs. */
  readonly engines: readonly EngineService[]
  /** The digest of the plan that was shown, where inventories have printed their hosts into it since; else null. */
  readonly shownAs: string | null
  /** SHA-256 over everything above, in hexadecimal. */
  readonly digest: string
}

/** Describes a plan for the record. GitHub cuts the text, so the warnings come right after the deed. */
export function describeForRecord(plan: Plan): string {
  const { warnings } = plan
  const [first, ...others] = warnings
  if (first === undefined) return deedOf(plan)
  const many = others.length === 0 ? 'warning' : `${warnings.length} warnings`
  return `${deedOf(plan)}, ${many}: ${first}`
}

/** The names of the services that a plan rolls. */
export const servicesIn = ({ steps }: Pick<Plan, 'steps'>): string[] =>
  serviceSteps(steps).map(({ service }) => service.name)

/** The task that a plan runs, as its step is called. */
export const taskIn = ({ steps }: Pick<Plan, 'steps'>): string =>
  taskStep(steps)?.id ?? restoreStep(steps)?.backup.name ?? 'no task'

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

/** The title of a plan within a sentence, with the commit: `deploy v1.2.0 (1a2b3c4) to production`. */
export function describePlan(plan: Pick<Plan, 'mode' | 'release' | 'environment' | 'steps'>): string {
  const title = titled(plan, {
    release: describeRelease(plan.release),
    environment: plan.environment.name,
    task: taskIn(plan),
  })
  return `${title.charAt(0).toLowerCase()}${title.slice(1)}`
}

/** Returns true if one plan does the same as another, so that it can resume the other's deployment. */
export const isSameDeed = (one: Plan, other: Plan): boolean =>
  sameRelease(one.release, other.release) &&
  one.mode === other.mode &&
  resets(one) === resets(other) &&
  canonical(subjectOf(one)) === canonical(subjectOf(other))

/** Returns true if a plan recreates all data. */
export const resets = ({ steps }: Pick<Plan, 'steps'>): boolean => resetStep(steps) !== null

/** True if the stand-in serves visitors while a plan changes home. */
export const stepsAside = ({ steps }: Pick<Plan, 'steps'>): boolean => steps.some((step) => 'detour' in step)

/** Returns the subject of a plan that brings no release: the requested steps. */
export const subjectOf = ({ mode, steps }: Pick<Plan, 'mode' | 'steps'>): string[] =>
  modes[mode].bringsRelease
    ? []
    : [
        ...steps.filter((step) => changesService(step) || step === taskStep(steps)).map(({ id }) => id),
        ...(restoreStep(steps) === null ? [] : [`restore/${restoreStep(steps)?.backup.name}`]),
      ]

/** The confirmation of a destructive plan: the person who starts it types the words that the plan shows. */
export interface Guard {
  /** The destructive deeds, each as a sentence. */
  readonly reasons: readonly string[]
  /** The exact value of the input `confirm`. */
  readonly words: string
  readonly confirmed: boolean
}
