import { moveOverOf, recipeOn, servingSide } from '../../domain/detour/move-over.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { Problem } from '../../domain/problem.ts'
import { questionOf } from '../../domain/question/open-question.ts'
import type { Pause } from '../../domain/question/pause.ts'
import { judge, type ServiceJudged } from '../../domain/rolling/drift.ts'
import type { Memory } from '../../domain/rolling/sight.ts'
import type { Doer } from '../lock/doer.ts'
import { isHolderLive } from '../lock/holder.ts'
import { type ConfigReader, type ConfigSource, configAt } from '../plan/survey.ts'
import type { Clock, Ports } from '../ports.ts'
import { type EnvironmentPlace, lookAtInstances } from './looking.ts'

/** Throws the problem that prevents reading the ledger. */
export async function recollect(
  ports: Pick<Ports, 'repository' | 'ledgers' | 'clock'>,
  { app, environment }: EnvironmentPlace,
  doer: Doer,
): Promise<Memory> {
  const { ledger } = await ports.ledgers.read(app, environment)
  const { deployment } = ledger
  if (deployment === null) return { ledger, live: null, question: null }
  const live = await isLive(ports, deployment, doer)
  return { ledger, live, question: questionIn(deployment, live, doer, ports.clock) }
}

/** A token that may not read whether a run is live must not hide all the rest. */
async function isLive(ports: Pick<Ports, 'repository'>, underway: Underway, doer: Doer) {
  if (underway.holder === null) return null
  try {
    return await isHolderLive(ports, underway, doer)
  } catch (thrown) {
    if (thrown instanceof Problem) return null
    throw thrown
  }
}

function questionIn(underway: Underway, live: boolean | null, doer: Doer, clock: Clock): Pause | null {
  const { pause } = standing(underway.plan, underway.journal)
  if (pause !== null) return pause
  const left = underway.holder === null || live === false
  return left ? questionOf(underway, { at: clock.now().toISOString(), kind: 'resumed', ...doer }) : null
}

/** The path of an environment's config, and the limit of a look. */
export interface LookFrom {
  readonly configPath: string
  /** The config on the default branch. */
  readonly policy: ConfigSource
  readonly signal: AbortSignal
}

/**
 * Asks the instances of the serving release in this environment, and compares their answers with the ledger.
 * Empty without a serving release. Throws the problem that prevents reading the recipe.
 */
export async function instancesOf(
  ports: Pick<Ports, 'repository' | 'fleet' | 'traffic' | 'engine' | 'workspace' | 'given'>,
  config: ConfigReader,
  place: EnvironmentPlace,
  ledger: Ledger,
  { configPath, policy, signal }: LookFrom,
): Promise<readonly ServiceJudged[]> {
  const { serving } = ledger
  if (serving === null) return []
  const { sha, tag } = serving.release
  const source = await configAt(ports.repository, configPath, sha, tag)
  const written = config.readRecipe(source, { source: policy, environment: place.environment })
  const recipe = recipeOn(written, moveOverOf(written), servingSide(ledger))
  const services = await lookAtInstances(ports, place, serving, recipe, signal)
  refuseHalfALook(signal)
  return judge(ledger, services)
}

/** A stopped run asks no further instance, and must not take the missing answers for readings. */
function refuseHalfALook(signal: AbortSignal): void {
  if (!signal.aborted) return
  throw new Problem('interrupted', {
    what: 'The look was cancelled before every instance had answered.',
    why: 'The run was cancelled, or it took too long.',
    next: 'Run it again. Nothing was changed.',
  })
}
