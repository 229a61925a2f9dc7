import type { Direction } from '../../src/domain/journal/direction.ts'
import type { Event, Happening, Journal } from '../../src/domain/journal/journal.ts'
import type { Move } from '../../src/domain/journal/move.ts'
import { choose } from '../../src/domain/journal/next.ts'
import type { Outcome } from '../../src/domain/journal/outcome.ts'
import { advance, type Standing, standing } from '../../src/domain/journal/standing.ts'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { waitForBake } from '../../src/domain/question/asking.ts'
import { type FinalDecision, isFinal, unreachable } from '../../src/domain/question/decision.ts'
import { questionOf } from '../../src/domain/question/open-question.ts'
import { failureOf, gateOf, instancesOf, type Pause } from '../../src/domain/question/pause.ts'
import { anyBroke } from '../../src/domain/rolling/rolling.ts'
import type { Step } from '../../src/domain/step/step.ts'
import { repeatable } from '../../src/domain/step/traits.ts'
import { aRun, aTime, untold } from './a-journal.ts'
import { aWorld, type Condition, type Faults, type World, way } from './world.ts'

/** Everything that decides how a deployment goes. */
export interface Scenario {
  readonly plan: Plan
  readonly conditions: Readonly<Record<string, Condition>>
  readonly faults: Faults
  readonly person: Person
  /** True if the background save after a batch comes in time. */
  readonly savesInPassing: boolean
  /** True if a bake takes longer than a run waits, so that the run ends and the question of the bake stands. */
  readonly waitsForBakes?: boolean
}

/** The answers of a person, where they can be given; otherwise the answer that leads on. */
export interface Person {
  readonly approves: boolean
  readonly forward: FinalDecision
  readonly back: FinalDecision
  /** Answers for one instance at a time. */
  readonly oneByOne: boolean
}

/**
 * An interruption of the run after some effects and events. `lost`: the run is gone, and another resumes.
 * `killed`: its post step still closes. `cancelled`: it is told to stop, then closed.
 */
export interface Interruption {
  readonly after: number
  readonly kind: 'lost' | 'killed' | 'cancelled'
}

/**
 * The first lost run leaves a cut journal: of its events since its last save only some are kept. Then a
 * person gives one of the offered decisions, by its place among them.
 */
export interface Cut {
  readonly keeps: number
  readonly answer: number
}

/** The questions and answers after the cut. */
export interface CutOff {
  readonly options: readonly FinalDecision[]
  readonly decision: FinalDecision
}

export interface Story {
  readonly outcome: Outcome
  readonly journal: Journal
  readonly world: World
  readonly moves: number
  readonly ticks: number
  /** The journal of the working run by each tick, and its saved part. */
  readonly ticked: readonly { readonly journal: Journal; readonly saved: number }[]
  /** Null unless a run was lost, its journal was cut, and the story did not end by that. */
  readonly cut: CutOff | null
  readonly pauses: readonly { readonly journal: Journal; readonly pause: Pause }[]
  /** The journal and scheduler at each time that a run left the deployment to another. */
  readonly left: readonly { readonly journal: Journal; readonly scheduler: 'on' | 'off' }[]
}

/** More than any deployment of these tests can need; beyond it one turns in circles. */
const mostMoves = 2_000
const mostRuns = 300
const patience = 3

/** Tells a deployment to its end: runs obey `next`, a person answers, and another run resumes. */
export function tell(
  scenario: Scenario,
  interruptions: readonly Interruption[] = [],
  cut: Cut | null = null,
): Story {
  const { plan } = scenario
  let ticks = 0
  let moves = 0
  let asked = false
  const ticked: { journal: Journal; saved: number }[] = []
  const tick = () => {
    ticks += 1
    ticked.push({ journal: noted, saved: kept.length })
    const due = interruptions.find(({ after }) => after === ticks)
    if (due?.kind === 'cancelled') asked = true
    else if (due !== undefined) throw new Gone(due.kind)
  }
  const world = aWorld(plan, scenario.conditions, scenario.faults, tick)
  const answer = aPerson(scenario, world)
  const pauses: { journal: Journal; pause: Pause }[] = []
  const left: { journal: Journal; scheduler: 'on' | 'off' }[] = []
  let kept: Journal = []
  let noted: Journal = []
  let uncut = cut
  let cutOff: CutOff | null = null
  const write = (...happenings: readonly Happening[]) => {
    kept = [...kept, ...happenings.map((happening, at): Event => ({ at: aTime(ticks + at), ...happening }))]
  }

  /** Works as one run until it ends, waits, leaves or is gone; its saved events are in `kept`. */
  function work(): Outcome | 'waits' | 'left' | 'stopped' {
    let journal = kept
    // As a run does: the journal is read when it begins, and each event advances its standing.
    let now = standing(plan, kept)
    noted = kept
    const note = (happening: Happening) => {
      const event: Event = { at: aTime(ticks), ...happening }
      journal = [...journal, event]
      now = advance(plan, now, event)
      noted = journal
      tick()
    }
    const save = () => {
      kept = journal
      tick()
    }
    for (;;) {
      const move = choose(plan, now)
      const before = journal.length
      moves += 1
      if (moves > mostMoves) throw new Error(`it turns in circles: ${JSON.stringify(move)}`)
      if (asked && !['pause', 'end', 'leave', 'give-up'].includes(move.kind)) {
        note({ kind: 'interrupted', cause: 'cancelled' })
        save()
        return 'stopped'
      }
      const ending = obey(scenario, world, move, { journal, now }, note, save)
      if (ending !== null) return ending
      if (journal.length === before) throw new Error(`nothing came of ${move.kind}`)
    }
  }

  /** Closes as the post step of a job does, which runs after every end of main. */
  function close(): void {
    asked = false
    if (released(kept)) return
    if (standing(plan, kept).interrupted === null) write({ kind: 'interrupted', cause: 'lost' })
    work()
  }

  function attempt<Result>(run: () => Result): Result | 'gone' {
    try {
      return run()
    } catch (thrown) {
      if (!(thrown instanceof Gone)) throw thrown
      if (uncut !== null && noted.length > kept.length) kept = noted.slice(0, kept.length + uncut.keeps)
      if (thrown.how === 'killed') attempt(close)
      return 'gone'
    }
  }

  write({ kind: 'opened', number: 7, run: aRun(1), by: ['alice'] })
  for (let run = 2; run < mostRuns; run += 1) {
    const ending = attempt(work)
    if (ending === 'stopped') attempt(close)
    const now = standing(plan, kept)
    if (ending === 'gone' && uncut !== null && now.outcome === null) {
      const { answer: place } = uncut
      uncut = null
      if (!released(kept)) write({ kind: 'interrupted', cause: 'lost' })
      const again = { kind: 'resumed', run: aRun(run), by: ['alice'] } as const
      const pause = questionOf({ plan, journal: kept } as Underway, { at: aTime(ticks), ...again })
      if (now.pause === null) write({ kind: 'paused', pause })
      const options = truthful(scenario, world, pause)
      const decision = options[place % options.length] as FinalDecision
      cutOff = { options, decision }
      write(answer(pause, now.direction, decision), again)
      continue
    }
    if (now.outcome !== null)
      return {
        outcome: now.outcome,
        journal: kept,
        world,
        moves,
        ticks,
        ticked,
        cut: cutOff,
        pauses,
        left,
      }
    if (now.pause !== null) {
      pauses.push({ journal: kept, pause: now.pause })
      write(
        now.pause.kind === 'wait'
          ? { kind: 'lapsed', pause: now.pause.id }
          : answer(now.pause, now.direction),
      )
    } else if (kept.at(-1)?.kind === 'left') left.push({ journal: kept, scheduler: world.state.scheduler })
    else write({ kind: 'interrupted', cause: 'lost' })
    write({ kind: 'resumed', run: aRun(run), by: ['alice'] })
  }
  throw new Error('it waits again and again')
}

class Gone extends Error {
  readonly how: 'lost' | 'killed'
  constructor(how: 'lost' | 'killed') {
    super(how)
    this.how = how
  }
}

/** True if no run holds the deployment. */
function released(journal: Journal): boolean {
  const last = journal.at(-1)?.kind
  return last === 'paused' || last === 'left' || last === 'ended'
}

/** Does the executor's work, in its order: an event is kept only when the executor saves. */
function obey(
  { plan, savesInPassing, waitsForBakes = false }: Scenario,
  world: World,
  move: Move,
  { journal, now }: { readonly journal: Journal; readonly now: Standing },
  note: (happening: Happening) => void,
  save: () => void,
): Outcome | 'waits' | 'left' | null {
  switch (move.kind) {
    case 'run': {
      const step = move.step.id
      note({ kind: 'step-started', step })
      if (mustBeKnownFirst(move.step)) save()
      const failure = world.run(move.step)
      note(failure === null ? { kind: 'step-succeeded', step } : { kind: 'step-failed', step, failure })
      if (move.step.kind === 'check-compatibility') save()
      return null
    }
    case 'observe': {
      const kind = move.direction.to === 'new' ? 'step-started' : 'undo-started'
      const step = move.step.id
      const begun = journal.some((event) => event.kind === kind && event.step === step)
      if (!begun) note({ kind, step })
      note({ kind: 'instances-observed', step, instances: world.look(move.step) })
      if (!begun) save()
      return null
    }
    case 'roll': {
      const { instances, direction } = move
      const step = move.step.id
      const mends = anyBroke(now.rolls.get(step), instances)
      note({ kind: 'instances-started', step, instances, direction })
      world.takeOut(move.step, instances, direction)
      for (const instance of instances) {
        const failure = world.bringBack(move.step, instance, direction)
        if (failure === null) note({ kind: 'instance-succeeded', step, instance, ...untold })
        else note({ kind: 'instance-failed', step, instance, failure, ...untold })
      }
      if (savesInPassing || mends) save()
      return null
    }
    case 'finish':
      note({
        kind: move.direction.to === 'new' ? 'step-succeeded' : 'undo-succeeded',
        step: move.step.id,
      })
      return null
    case 'undo': {
      const step = move.step.id
      note({ kind: 'undo-started', step })
      if (move.step.kind === 'deploy-scheduler') save()
      const failure = world.undo(move.step, now.direction)
      note(failure === null ? { kind: 'undo-succeeded', step } : { kind: 'undo-failed', step, failure })
      return null
    }
    case 'bake': {
      const step = move.step.id
      if (move.over === null) note({ kind: 'bake-started', step, until: 'then' })
      else if (waitsForBakes && !hasLapsed(journal, step)) {
        note({
          kind: 'paused',
          pause: waitForBake(plan, now, move.step, move.over.until),
        })
        save()
        return 'waits'
      } else note({ kind: 'bake-ended', step, verdict: world.judge(move.step, move.watched) })
      return null
    }
    case 'turn-back':
      note({ kind: 'turned-back', failure: move.failure })
      return null
    case 'give-up':
      note({ kind: 'step-failed', step: move.step.id, failure: move.failure })
      return null
    case 'pause':
      if (!move.asked) {
        note({ kind: 'paused', pause: move.pause })
        save()
      }
      return 'waits'
    case 'leave':
      note({ kind: 'left' })
      save()
      return 'left'
    case 'end':
      note({ kind: 'ended', outcome: move.outcome })
      save()
      return move.outcome
    default:
      return unreachable(move)
  }
}

const mustBeKnownFirst = (step: Step): boolean =>
  !repeatable(step) || ['suspend-scheduler', 'migrate', 'check-compatibility'].includes(step.kind)

/** True if the time of the step's bake is over. */
const hasLapsed = (journal: Journal, step: string): boolean =>
  journal.findLastIndex(({ kind }) => kind === 'lapsed') >
  journal.findLastIndex((event) => event.kind === 'bake-started' && event.step === step)

/**
 * The answers that a person who knows the world may give: for a step whose end is unknown, only one of them
 * is true.
 */
function truthful({ plan }: Scenario, world: World, pause: Pause): FinalDecision[] {
  const unknown = failureOf(pause)?.code === 'outcome-unknown'
  const unsure = unknown ? plan.steps.find(({ id }) => id === pause.step) : undefined
  if (unsure === undefined) return pause.options.filter(isFinal)
  const untrue: FinalDecision = world.finished(unsure) ? 'retry' : 'force-next'
  return pause.options.filter(isFinal).filter((option) => option !== untrue)
}

/** Tells truthfully if a step had finished; chooses freely among the other offered answers. */
function aPerson({ plan, person }: Scenario, world: World) {
  const tries = new Map<string, number>()
  return (pause: Pause, direction: Direction, wish?: FinalDecision): Happening => {
    const step = plan.steps.find(({ id }) => id === pause.step)
    if (step === undefined) throw new Error(`no step ${pause.step}`)
    const named = person.oneByOne ? instancesOf(pause).slice(0, 1) : instancesOf(pause)
    const unknown = failureOf(pause)?.code === 'outcome-unknown'
    const keys =
      named.length > 0 ? named.map((name) => `${way(direction)} ${name}`) : [keyOf(step, direction)]
    const decision = choose()
    if (decision === 'retry') {
      world.mayRunAgain(step)
      for (const key of unknown ? [] : keys) {
        world.repair(key)
        tries.set(key, (tries.get(key) ?? 0) + 1)
      }
    }
    if (decision === 'force-next' && named.length === 0 && !unknown && gateOf(pause) !== 'bake')
      world.doByHand(step, direction)
    if (decision === 'exclude') world.exclude(named)
    const instances = person.oneByOne ? named : []
    return { kind: 'decided', pause: pause.id, decision, instances, by: 'bob', reason: 'as I like' }

    function choose(): FinalDecision {
      if (wish !== undefined) return wish
      if (pause.kind === 'approval') return person.approves ? 'approve' : 'reject'
      if (unknown && step !== undefined) return world.finished(step) ? 'force-next' : 'retry'
      const tired = keys.some((key) => (tries.get(key) ?? 0) >= patience)
      const wishes: FinalDecision[] = [
        person[way(direction)],
        'roll-back',
        'exclude',
        'force-next',
        'abandon',
        'retry',
      ]
      const choice = wishes.find((wish) => pause.options.includes(wish) && !(wish === 'retry' && tired))
      if (choice === undefined) throw new Error(`no way on from ${JSON.stringify(pause)}`)
      return choice
    }
  }
}

const keyOf = (step: Step, direction: Direction): string =>
  direction.to === 'new' ? step.id : `undo ${step.id}`
