import { otherSide } from '../../domain/detour/side.ts'
import type { Direction } from '../../domain/journal/direction.ts'
import { sourcesFor } from '../../domain/ledger/outputs.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { known } from '../../domain/reading.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import { copyOverStep } from '../../domain/step/steps-in.ts'
import type { Ports, Variables, Watch, Workspace } from '../ports.ts'
import type { Session } from './session.ts'
import { sharedVariables } from './shared-variables.ts'

/** The context of all work on one deployment. */
export interface Context {
  readonly ports: Ports
  readonly plan: Plan
  readonly session: Session
  readonly stop: Stop
  /** The approvers, as the gate found them; left out if this run did not pass the gate to begin. */
  readonly approval?: string
}

/** The signals that end a run. */
export interface Stop {
  /** Start nothing new. */
  readonly asked: AbortSignal
  /** End the running step. */
  readonly forced: AbortSignal
}

/**
 * Returns the variables for commands of this deployment. Going back, the release is the previous one.
 * Commands run in the checkout of the planned release in both directions; `ROLLGATE_CHECKOUT` has the files
 * of the release that they bring.
 */
export async function variables({ plan, session, ports }: Context, direction: Direction): Promise<Variables> {
  const [release, previous] =
    direction.to === 'new' || plan.from === null ? [plan.release, plan.from] : [plan.from, plan.release]
  return {
    ...sharedVariables(ports.given, sourcesFor(session.ledger, plan, release)),
    ...(await releaseVariables(ports.workspace, {
      app: plan.app,
      environment: plan.environment.name,
      release,
    })),
    ROLLGATE_MODE: direction.to === 'new' ? plan.mode : 'rollback',
    ROLLGATE_DEPLOYMENT: String(session.deployment.number),
    ROLLGATE_URL: plan.environment.url ?? '',
    ROLLGATE_PREVIOUS_RELEASE: previous?.tag ?? '',
    ROLLGATE_PREVIOUS_SHA: previous?.sha ?? '',
    ...sideOf(plan, direction),
  }
}

/** A migration must know which of two databases it is of. */
function sideOf({ steps }: Plan, { to }: Direction): Variables {
  const copy = copyOverStep(steps)
  return copy === null ? {} : { ROLLGATE_SIDE: to === 'new' ? copy.to : otherSide(copy.to) }
}

/** Returns the variables about the release for any command, in a deployment or out of one. */
export async function releaseVariables(
  workspace: Pick<Workspace, 'checkout'>,
  { app, environment, release }: CommandSurroundings,
): Promise<Variables> {
  return {
    ROLLGATE_APP: app,
    ROLLGATE_ENVIRONMENT: environment,
    ROLLGATE_RELEASE: release.tag,
    ROLLGATE_SHA: release.sha,
    ROLLGATE_CHECKOUT: known(await workspace.checkout(release.sha)) ?? '',
  }
}

interface CommandSurroundings {
  readonly app: string
  readonly environment: string
  readonly release: ReleaseId
}

/** Runs `work` with a listener that puts a command's lines into the log, where they can do nothing. */
export async function quoted<T>(
  { ports, stop }: { readonly ports: Pick<Ports, 'voice'>; readonly stop: Stop },
  prefix: string,
  work: (watch: Watch) => Promise<T>,
  signal: AbortSignal = stop.forced,
): Promise<T> {
  const quote = ports.voice.quote()
  try {
    return await work({ line: (text) => quote.line(`${prefix}${text}`), signal })
  } finally {
    quote.resume()
  }
}
