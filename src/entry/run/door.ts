import { saveState } from '@actions/core'
import { Problem } from '../../domain/problem.ts'
import { type CommandName, isOffline } from '../../inputs/definitions.ts'
import { type TakenForm, unfold } from '../../inputs/form/unfold.ts'
import { readInputs } from '../../inputs/read-inputs.ts'
import { type Runner, readRunner } from '../../inputs/runner.ts'
import { blockDoor } from '../doors/block.ts'
import { checkDoor } from '../doors/check.ts'
import { decideDoor } from '../doors/decide.ts'
import { deployDoor } from '../doors/deploy.ts'
import { dispatchDoor } from '../doors/dispatch.ts'
import { doctorDoor } from '../doors/doctor.ts'
import { gateDoor } from '../doors/gate.ts'
import { haltDoor } from '../doors/halt.ts'
import { historyDoor } from '../doors/history.ts'
import { lookDoor } from '../doors/look.ts'
import { planDoor } from '../doors/plan.ts'
import { postDoor } from '../doors/post.ts'
import { reconcileDoor } from '../doors/reconcile.ts'
import { rehearseDoor } from '../doors/rehearse.ts'
import { releaseDoor } from '../doors/release.ts'
import { releasesDoor } from '../doors/releases.ts'
import { scheduleDoor } from '../doors/schedule.ts'
import { statusDoor } from '../doors/status.ts'
import { watchDoor } from '../doors/watch.ts'
import { withDoctor } from '../tell/doctor.ts'
import { tellProblem } from '../tell/tell.ts'
import type { Hands } from './hands.ts'
import { forgetLock } from './remembered.ts'
import { listenForStop } from './signals.ts'
import { voice, wire } from './wire.ts'

/** The commands, each a door of its own; each door returns if the job may continue. */
const doors: { readonly [Command in CommandName]: (hands: Hands<Command>) => Promise<void> } = {
  plan: planDoor,
  gate: gateDoor,
  deploy: deployDoor,
  rollback: deployDoor,
  restart: deployDoor,
  task: deployDoor,
  decide: decideDoor,
  status: statusDoor,
  reconcile: reconcileDoor,
  watch: watchDoor,
  releases: releasesDoor,
  history: historyDoor,
  block: blockDoor,
  halt: haltDoor,
  release: releaseDoor,
  rehearse: rehearseDoor,
  schedule: scheduleDoor,
  dispatch: dispatchDoor,
  check: checkDoor,
  doctor: doctorDoor,
}

const go = <Command extends CommandName>(hands: Hands<Command>): Promise<void> =>
  doors[hands.inputs.command](hands)

/** The first job of a form only looks; all others run the command of the form by its ordinary door. */
async function goBy(hands: Hands, form: TakenForm | null): Promise<void> {
  if (form?.at === 'look') return lookDoor(hands, form, go)
  await go(hands)
  if (form?.verdict && !process.exitCode) await go({ ...hands, inputs: readInputs(form.verdict) })
}

/** The one handle of every door: every error below becomes words, outputs and a failed step here. */
export async function enter(closing: boolean): Promise<void> {
  process.once('uncaughtException', endAtOnce)
  try {
    if (!closing) saveState('started', 'true')
    const { env, form } = unfold(process.env)
    const inputs = readInputs(env)
    if (!closing)
      for (const { name, words } of [...(form?.unused ?? []), ...inputs.idle])
        voice.notice(`${name} is not used`, words)
    const runner: Runner = readRunner(process.env, { forks: isOffline(inputs.command) })
    const hands = wire(inputs, runner, listenForStop(), env)
    try {
      await (closing ? postDoor(hands) : goBy(hands, form))
    } catch (thrown) {
      throw await withDoctor(hands, thrown)
    } finally {
      await hands.letGo()
    }
  } catch (thrown) {
    // A refused job never took the lock. Forget the saved lock name, so that `post` does not release a lock held
    // by another job of this run.
    if (!closing && thrown instanceof Problem && thrown.code !== 'github-unavailable') forgetLock()
    const problem = tellProblem(thrown)
    // A post step after a finished job must not turn it red for a file that it cannot read any more.
    if (closing) voice.error(problem.code, problem.text)
    else voice.fail(problem.text)
  }
}

/**
 * Node.js itself would print foreign lines unchanged, and the runner would obey them. The post step closes
 * the rest.
 */
function endAtOnce(thrown: unknown): void {
  voice.fail(tellProblem(thrown).text)
  process.exit(1)
}
