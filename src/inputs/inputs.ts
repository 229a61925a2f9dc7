import type { UndertakingOf, Wanted } from '../domain/plan/undertaking.ts'
import type { Decision } from '../domain/question/decision.ts'
import type { ShownPlan } from '../domain/shown/shown-plan.ts'
import type { Expected } from '../domain/shown/state-words.ts'
import type { CommandName, InputName } from './definitions.ts'
import type { Scheduling } from './scheduling.ts'

/** The inputs of the caller, read once, each with its type: those of every command, and those of one command alone. */
export type Inputs<Command extends CommandName = CommandName> = {
  readonly [C in Command]: CommonInputs & { readonly command: C } & InputsByCommand[C]
}[Command]

/** The inputs that every command reads. */
export interface CommonInputs {
  /** The inputs that were given and have no use here. */
  readonly idle: readonly Idle[]
  /** The run that a person knows to be over; null where none is named. */
  readonly runIsOver: number | null
  /** The confirmation of a person about the ledger; null without one. */
  readonly ledger: 'new' | 'moved' | null
  readonly config: string
  readonly app: string | null
  readonly workingDirectory: string
  readonly token: string
}

/** An input that was given and is not used: it is shown, and changes nothing. */
export interface Idle {
  readonly name: InputName
  readonly words: string
}

/** The inputs of each command alone. An environment that is null means all of them. */
export interface InputsByCommand {
  readonly plan: InEnvironment & { readonly about: ShownInputs }
  readonly gate: InEnvironment & { readonly about: GatedInputs }
  readonly deploy: DeploymentInputs
  readonly rollback: DeploymentInputs
  readonly restart: DeploymentInputs
  readonly task: DeploymentInputs
  readonly decide: InEnvironment & { readonly answer: AnswerInputs }
  /** `expected`: null where the step is green whatever it finds. */
  readonly status: InAnyEnvironment & { readonly observe: boolean; readonly expected: Expected | null }
  readonly reconcile: InEnvironment & { readonly converge: boolean; readonly failOnDrift: boolean }
  readonly watch: InAnyEnvironment
  readonly releases: InAnyEnvironment & { readonly limit: number }
  readonly history: InEnvironment & { readonly limit: number }
  readonly block: InAnyEnvironment & BlockInputs
  readonly halt: InEnvironment & { readonly reason: string; readonly lift: boolean }
  readonly release: { readonly making: ReleaseInputs }
  /** `rehearsed`: the tag whose rollback should be rehearsed; null to ask if a rehearsal may start. */
  readonly rehearse: InEnvironment & { readonly release: string | null; readonly rehearsed: string | null }
  readonly schedule: InEnvironment & { readonly reason: string; readonly scheduling: Scheduling }
  readonly dispatch: InAnyEnvironment
  readonly check: Readonly<Record<never, never>>
  /** `workflowRepository`: empty where GitHub does not say it. */
  readonly doctor: InAnyEnvironment & { readonly workflowRepository: string }
}

interface InEnvironment {
  readonly environment: string
}

interface InAnyEnvironment {
  readonly environment: string | null
}

/** The thing that a plan is made of, or that the gate lets through: the command does more than one. */
type ShownInputs =
  | { readonly kind: 'deployment'; readonly deployment: DeploymentInputs }
  /** The open question, and the effect of the given answer; null if the question is only looked at. */
  | { readonly kind: 'question'; readonly answer: AnswerInputs | null }

type GatedInputs =
  | { readonly kind: 'deployment'; readonly deployment: DeploymentInputs }
  | { readonly kind: 'answer'; readonly answer: AnswerInputs }
  | { readonly kind: 'convergence' }
  /** The instances are only compared with the ledger, which changes nothing. */
  | { readonly kind: 'comparison' }
  /** A doctor asks what GitHub really does, the approvals of its own run among it. */
  | { readonly kind: 'examination' }

/** A requested deployment: the same inputs make the plan, and later the deployment. */
export interface DeploymentInputs extends InEnvironment {
  readonly undertaking: UndertakingInputs
  readonly release: string | null
  readonly confirm: string
  /** The reason for overriding a freeze, or empty. */
  readonly override: string
  /** The plan that the approver saw, in digests; null if none was handed over. */
  readonly shown: ShownPlan | null
}

/** An undertaking whose overrides name no person yet: the runner knows who asks. */
export type UndertakingInputs = Exclude<Wanted, { readonly mode: 'deploy' }> | DeployInputs

export interface DeployInputs extends Omit<UndertakingOf<'deploy'>, 'without' | 'overrideHalt'> {
  /** The reasons for overriding the proof of `verified-in` and the rehearsal of `rehearsed-in`, or empty. */
  readonly without: { readonly verified: string; readonly rehearsed: string }
  /** The reason for letting it through while a signal halts, or empty. */
  readonly overrideHalt: string
}

export interface AnswerInputs {
  readonly pause: string
  readonly decision: Decision
  /** Empty for all that the question names. */
  readonly instances: readonly string[]
  readonly reason: string
  /** The reason for overriding a freeze, or empty. */
  readonly override: string
}

interface BlockInputs {
  readonly what: { readonly tag: string } | { readonly commit: string; readonly fixedBy: string | null }
  readonly reason: string
  readonly unblock: boolean
}

export interface ReleaseInputs {
  readonly tag: string
  readonly description: string
  readonly commit: string | null
  readonly artifacts: readonly string[]
  readonly outputs: Readonly<Record<string, string>>
  readonly from: string | null
  readonly prerelease: boolean
  readonly requireChecks: boolean
  readonly checks: readonly string[]
  readonly deployAfter: string | null
}

/** Returns the answer of a run: the gate takes answers that end a deployment. Null without one. */
export function answerIn(inputs: Inputs): AnswerInputs | null {
  if ('answer' in inputs) return inputs.answer
  return 'about' in inputs && inputs.about.kind === 'answer' ? inputs.about.answer : null
}
