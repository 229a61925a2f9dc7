import type { Outcome } from '../../src/domain/journal/outcome.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import { type FinalDecision, isFinal } from '../../src/domain/question/decision.ts'
import { awaits, expiryOf, failureOf, type Pause } from '../../src/domain/question/pause.ts'
import { openQuestion } from '../../src/pipeline/act/admit.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { watchOver } from '../../src/pipeline/act/watch.ts'
import { goOn } from '../../src/pipeline/lock/take-lock.ts'
import type { Ports } from '../../src/pipeline/ports.ts'
import { close } from '../../src/pipeline/run/close.ts'
import { type Concluded, conclude } from '../../src/pipeline/run/drive.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'
import { aRun } from '../domain/a-journal.ts'
import { aRecipe, noSteps } from '../domain/a-plan.ts'
import { keep, reading } from '../pipeline/in-memory.ts'
import type { Life } from './life.ts'
import type { Scene } from './scene.ts'

/** An answer to a question, or one of the other ways on. `again`: another run resumes. `watch`: the clock's next watch. */
export type Way = FinalDecision | 'again' | 'watch'

/** The end of a story, and what was chosen after the run was lost. */
export interface Told {
  readonly outcome: Outcome | null
  /** The ways that could be gone when the run was lost; none where the story had ended by then. */
  readonly ways: readonly Way[]
  /** The last deed that told its end. */
  readonly concluded: Concluded | null
}

const mostRuns = 40
const people = ['rhea', 'olga', 'nils'] as const

/** Tells a deployment to its end. `post`: the step after a lost run closes it. `way`: the place of the way on from there. */
export async function tell(scene: Scene, life: Life, post: boolean, way: number): Promise<Told> {
  const { memory, plan, policy } = scene
  let run = 1
  let concluded: Concluded | null = null
  let ports = life.mortal(memory.ports)
  const doer = (by = 'alice') => ({ run: aRun(run), by: [by] })
  const tries = new Map<string, number>()

  const work = async (deed: (ports: Ports) => Promise<Concluded | null>): Promise<'died' | 'done'> => {
    memory.repository.run({ id: run, status: 'in_progress', conclusion: null })
    const ended = await Promise.race([
      ...(ports === memory.ports ? [] : [life.died]),
      deed(ports).then((done) => {
        concluded = done ?? concluded
        return 'done' as const
      }),
    ])
    memory.repository.run({ id: run, status: 'completed', conclusion: 'failure' })
    return ended
  }
  const underway = async () => {
    const kept = await memory.ledgers.read('shop', 'production')
    return { kept, deployment: kept.ledger.deployment }
  }
  const open = async (ports: Ports) => {
    const session = openSession(await memory.ledgers.read('shop', 'production'), ports)
    return conclude({ ports, plan, session, stop: neverStops }, aRun(run))
  }
  const again = async (ports: Ports) => {
    const { kept, deployment } = await underway()
    if (deployment === null) return null
    const session = await goOn(ports, kept, deployment, doer())
    return conclude({ ports, plan: deployment.plan, session, stop: neverStops }, aRun(run))
  }
  const watch = async (ports: Ports) => {
    const recipe = async () => aRecipe({ steps: noSteps, services: scene.services })
    const { deeds, problem } = await watchOver(ports, 'shop', policy, {
      ...{ doer: doer('the watch'), stop: neverStops, mayRun: true, beforeLock() {}, recipe },
    })
    if (problem !== null) throw new Error(`${problem.code}: ${problem.what}`)
    return deeds.findLast((deed) => deed.concluded !== null)?.concluded ?? null
  }
  const give = (pause: Pause, decision: FinalDecision) => async (ports: Ports) => {
    const kept = await memory.ledgers.read('shop', 'production')
    const approvals = kept.ledger.deployment?.journal.filter(({ kind }) => kind === 'approved').length ?? 0
    const by = people[approvals % people.length] ?? 'rhea'
    const answer = {
      ...{ environment: 'production', pause: pause.id, decision, instances: [], by, override: '' },
      reason: 'seen to',
    }
    return decide(ports, { ...kept, policy }, answer, doer(by), neverStops, reading)
  }
  const goTo = async (pause: Pause, chosen: Way, back: boolean): Promise<'died' | 'done'> => {
    run += 1
    if (chosen === 'again') return work(again)
    if (chosen === 'watch') {
      await memory.clock.sleep(untilThen(pause, memory.clock.now()))
      return work(watch)
    }
    if (chosen === 'retry') scene.repair()
    if (chosen === 'force-next' && !isUnknown(pause)) scene.byHand(pause.step, back)
    return work(give(pause, chosen))
  }
  /** The way on in a story that nothing disturbs, which comes to an end. */
  const wish = (pause: Pause, back: boolean): Way => {
    if (awaits(pause) === 'time') return 'watch'
    const key = `${pause.kind} ${pause.step}`
    tries.set(key, (tries.get(key) ?? 0) + 1)
    const wishes: Way[] = [...scene.wishes, 'approve', 'retry', 'complete', 'revert', 'force-next', 'abandon']
    const may = truthful(scene, pause, back).filter((one) => one !== 'retry' || (tries.get(key) ?? 0) <= 3)
    return wishes.find((one) => may.some((other) => other === one)) ?? 'abandon'
  }

  await keep(memory, plan, [{ at: memory.clock.now().toISOString(), ...opening }], scene.before)
  let ways: readonly Way[] = []
  let ended = await work(open)
  for (; run < mostRuns; ) {
    if (ended === 'died') {
      ports = memory.ports
      life.bury()
      if (post) await close(memory.ports, 'shop', 'production', doer())
    }
    const { kept, deployment } = await underway()
    const past = kept.ledger.history[0]
    if (deployment === null) {
      run += 1
      memory.workspace.head = kept.ledger.serving?.release.sha ?? null
      await work(watch)
      return { outcome: past?.outcome ?? null, ways, concluded }
    }
    const next = { ...doer(), run: aRun(run + 1) }
    const pause = await openQuestion(memory.ports, deployment, next)
    if (pause === null) throw new Error('a run holds it, and none is at work')
    const first = ended === 'died'
    const back = standing(deployment.plan, deployment.journal).direction.to === 'old'
    if (first) ways = waysOn(scene, pause, back)
    const chosen = first ? ways[way % ways.length] : wish(pause, back)
    ended = await goTo(pause, chosen ?? 'abandon', back)
  }
  throw new Error('it waits again and again')
}

const opening = { kind: 'opened', number: 7, run: aRun(1), by: ['alice'] } as const

const isUnknown = (pause: Pause): boolean => failureOf(pause)?.code === 'outcome-unknown'

const untilThen = (pause: Pause, now: Date): number =>
  Math.max(0, Date.parse(expiryOf(pause)?.at ?? now.toISOString()) - now.getTime() + 1_000)

/** Every answer that a person who knows the world may give, and the runs that need none. */
function waysOn(scene: Scene, pause: Pause, back: boolean): Way[] {
  const runs: Way[] = awaits(pause) === 'approval' ? ['watch'] : ['again', 'watch']
  return [...truthful(scene, pause, back), ...runs]
}

/** For a step whose end is unknown only one of these two is true. */
function truthful(scene: Scene, pause: Pause, back: boolean): FinalDecision[] {
  const untrue = isUnknown(pause) ? (scene.hasRun(pause.step, back) ? 'retry' : 'force-next') : null
  return pause.options.filter(isFinal).filter((option) => option !== untrue)
}
