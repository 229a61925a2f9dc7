import type { Command } from '../../domain/config/command.ts'
import { pauses } from '../../domain/config/pace.ts'
import { inSeconds } from '../../domain/durations.ts'
import { onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { refersElsewhere } from '../../domain/release/self-contained.ts'
import { filledBy } from '../../domain/rolling/rollout-order.ts'
import type { MaintenanceStep } from '../../domain/step/step.ts'
import type { Answer, Variables } from '../ports.ts'
import { type Context, variables } from './context.ts'
import { answerInWords } from './failure.ts'
import { placeInPlanned } from './files.ts'
import { failureWhere, type RanCommand } from './where.ts'

/** Runs a command of the step where it belongs, with more variables. */
type RunHere = (command: Command, more: Variables) => Promise<RanCommand>

/** Shows visitors the page. It is open when `shown` says so, not when the command has ended. */
export async function openMaintenance(
  context: Context,
  step: MaintenanceStep,
  run: RunHere,
): Promise<Failure | null> {
  const page = await pageOf(context, step.maintenance.pages)
  if (page !== null && typeof page !== 'string') return page
  const seen = { ROLLGATE_MAINTENANCE_PAGE: page ?? '', ROLLGATE_MAINTENANCE_ALLOW: step.allow.join(' ') }
  return failureWhere(step.id, await run(step.maintenance.open, seen)) ?? shows(context, step, true)
}

/** Takes the page off, which is done when visitors no longer see it. */
export const closeMaintenance = async (
  context: Context,
  step: MaintenanceStep,
  run: RunHere,
): Promise<Failure | null> =>
  failureWhere(step.id, await run(step.maintenance.close, {})) ?? shows(context, step, false)

/** Takes the page off, or shows it, by the command of the release that showed it. */
const inPlanned =
  (which: 'open' | 'close', change: typeof openMaintenance): typeof openMaintenance =>
  async (context, step, run) => {
    const placed = await placeInPlanned(context, step, step.maintenance[which])
    if ('code' in placed) return placed
    return change(context, step, (_, more) => run(placed.command, { ...placed.seen, ...more }))
  }

export const closeInPlanned = inPlanned('close', closeMaintenance)
export const openInPlanned = inPlanned('open', openMaintenance)

/**
 * Returns the first page that the release has; null where the balancer has one of its own. A page is passed over whose
 * address names a variable that the environment does not give: so one list serves stores, regions and all others.
 */
async function pageOf(
  { ports: { workspace }, plan }: Context,
  pages: readonly string[],
): Promise<string | Failure | null> {
  if (pages.length === 0) return null
  const { name, env } = plan.environment
  const places = pages.map((page) => filledBy({ ...env, ROLLGATE_ENVIRONMENT: name }, page))
  for (const place of places) {
    const [file] = await workspace.files(place)
    if (file === undefined) continue
    const elsewhere = refersElsewhere(await file.content.text())
    return elsewhere.length === 0 ? file.path : notSelfContained(place, elsewhere)
  }
  return {
    code: 'maintenance-page-missing',
    what: `${plan.release.tag} has none of the maintenance pages: ${places.join(', ')}.`,
    tail: [],
  }
}

const notSelfContained = (page: string, elsewhere: readonly string[]): Failure => ({
  code: 'maintenance-page-missing',
  what: `The maintenance page ${page} needs files that the application serves: ${elsewhere.slice(0, 3).join(', ')}.`,
  tail: [],
})

/** Asks until the answer is the expected one. An answer that is none never is. */
async function shows(context: Context, step: MaintenanceStep, expected: boolean): Promise<Failure | null> {
  const { ports, stop } = context
  const { shown, timeout } = step.maintenance
  const seen = await variables(context, onward)
  const until = ports.clock.now().getTime() + timeout
  for (const pause of pauses()) {
    const answer = await ports.prober.ask(shown, seen, stop.forced)
    if (said(answer) === expected) return null
    if (stop.asked.aborted) return interrupted
    if (ports.clock.now().getTime() >= until) return unseen(context, answer, expected, timeout)
    await ports.clock.sleep(pause, stop.asked)
  }
  return interrupted
}

/** Null for an answer that tells nothing. */
function said({ kind }: Answer): boolean | null {
  if (kind === 'yes') return true
  return kind === 'no' ? false : null
}

function unseen({ plan }: Context, answer: Answer, expected: boolean, timeout: number): Failure {
  const found = answer.kind === 'yes' ? 'it says yes' : answerInWords(answer)
  const wanted = expected ? 'see the maintenance page' : 'no longer see the maintenance page'
  return {
    code: 'maintenance-unseen',
    what: `It was not seen within ${inSeconds(timeout)} that visitors of ${plan.environment.name} ${wanted}: ${found}.`,
    tail: [],
  }
}

/** The step is left open: the next run looks again. */
const interrupted: Failure = {
  code: 'interrupted',
  what: 'Waiting for the maintenance page was ended because the run was cancelled.',
  tail: [],
}
