import { imagesInWords } from '../../domain/engine/images.ts'
import { phaseWords, replicasInWords } from '../../domain/engine/verdict-words.ts'
import type { Event } from '../../domain/journal/journal.ts'
import type { Standing } from '../../domain/journal/standing.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import { describeOverridden, type Overridden } from '../../domain/schedule/freeze-words.ts'
import { describeSignal } from '../../domain/signal/signal.ts'
import type { Narrator, Voice } from '../../pipeline/ports.ts'
import { instanceProgress, stepHeading, stepProgress } from '../../report/outcome/log-lines.ts'
import { modeWords } from '../../report/plan/mode-words.ts'
import { between } from '../../report/text/moments.ts'

/** Tells a deployment into the log of the job: a foldable part a step, a line an instance. */
export function createNarrator(voice: Voice): Narrator {
  const log = foldingLog(voice)
  return {
    heard(deployment, now) {
      const event = deployment.journal.at(-1)
      if (event !== undefined) tell(event, { ...log, voice, deployment, now })
    },
  }
}

/** The log of a job, with at most one part open. */
interface FoldingLog {
  isOpen(): boolean
  /** Opens a part, and ends the one before. */
  fold(title: string): void
  unfold(): void
}

function foldingLog(voice: Voice): FoldingLog {
  let open = false
  const unfold = (): void => {
    if (open) voice.endGroup()
    open = false
  }
  return {
    isOpen: () => open,
    fold(title) {
      unfold()
      voice.group(title)
      open = true
    },
    unfold,
  }
}

/** The place of an event in the log: the deployment whose journal ends with it, and the state after it. */
interface MomentTold extends FoldingLog {
  readonly voice: Voice
  readonly deployment: Underway
  readonly now: Standing
}

type EventOf<Kind extends Event['kind']> = Extract<Event, { readonly kind: Kind }>

const tell = <Kind extends Event['kind']>(event: EventOf<Kind>, telling: MomentTold): void =>
  (tellings[event.kind] as (event: EventOf<Kind>, telling: MomentTold) => void)(event, telling)

/** Tells each kind of event. */
const tellings: { readonly [Kind in Event['kind']]: (event: EventOf<Kind>, telling: MomentTold) => void } = {
  opened({ number }, { voice, deployment: { plan } }) {
    voice.line(`Beginning deployment ${number} of ${plan.environment.name}.`)
    warnOf(voice, plan)
  },
  resumed(_, { voice, deployment: { number, plan } }) {
    voice.line(`Resuming deployment ${number} of ${plan.environment.name}.`)
    warnOf(voice, plan)
  },
  'step-started': (event, telling) => telling.fold(headingOf(event, telling)),
  'step-succeeded': (event, telling) => endStep(event, telling, event.note ?? 'done'),
  'step-skipped': (event, telling) => endStep(event, telling, `skipped: ${event.note}`),
  'step-failed': (event, telling) => endStep(event, telling, `failed: ${event.failure.what}`),
  'outputs-frozen': ({ outputs }, { voice }) =>
    voice.line(`outputs of the build: ${Object.keys(outputs).join(', ')}`),
  'command-ran': ({ step, instance }, { voice }) => voice.line(`${step} has run on ${instance}`),
  'instance-checked': ({ instance, found }, { voice }) =>
    voice.line(`the checks of the serving release against ${instance}: ${found}`),
  'undo-started': ({ step }, { fold }) => fold(`Taking back ${step}`),
  'undo-succeeded'(event, { voice, deployment, unfold }) {
    voice.line(stepProgress(event.step, 'taken back', sinceBegun(deployment, 'undo-started', event)))
    unfold()
  },
  'undo-failed'({ step, failure }, { voice, unfold }) {
    voice.line(`${step} could not be taken back: ${failure.what}`)
    unfold()
  },
  'instances-observed'(event, telling) {
    const { voice, deployment, now, isOpen, fold } = telling
    // A resuming run did not begin the step.
    if (!isOpen()) fold(now.direction.to === 'new' ? headingOf(event, telling) : `Taking back ${event.step}`)
    voice.line(whatIsThere(deployment.plan.mode, now, event.step))
  },
  'capacity-observed': (event, { voice, now }) => voice.line(whatChanged(now, event)),
  'instances-started': ({ instances }, { voice }) => voice.line(`changing ${instances.join(', ')}`),
  'instance-succeeded': (event, telling) => endInstance(event, telling, ({ version }) => `serves ${version}`),
  'instance-failed': (event, telling) => endInstance(event, telling, () => `failed: ${event.failure.what}`),
  'handed-over': ({ step, images, rollout }, { voice }) =>
    voice.line(`${step}: the engine rolls to ${imagesInWords(images)}, as ${rollout}`),
  'engine-observed': (event, { voice }) => voice.line(`${event.step}: ${engineInWords(event)}`),
  'manifests-compared'(event, { voice }) {
    for (const line of event.tail) voice.line(`  ${line}`)
    voice.line(`${event.step}: ${manifestsInWords(event)}`)
  },
  'cron-jobs-observed': ({ step, active }, { voice }) =>
    voice.line(
      active.length === 0 ? `${step}: no CronJob was active` : `${step}: suspends ${active.join(', ')}`,
    ),
  'bake-started': ({ until }, { voice }) => voice.line(`the test bed is watched until ${until}`),
  'bake-ended'({ verdict }, { voice }) {
    for (const line of verdict.tail) voice.line(`  ${line}`)
    voice.line(`${verdictWords[verdict.kind]}${verdict.what}`)
  },
  lapsed: (_, { voice }) => voice.line('The time of the test bed is over.'),
  halted({ signals }, { voice, unfold }) {
    unfold()
    for (const signal of signals) voice.line(`Halted: ${describeSignal(signal)}.`)
  },
  'turned-back'({ failure }, { voice, unfold }) {
    unfold()
    voice.line(`Going back: ${failure.what}`)
  },
  paused: (_, { unfold }) => unfold(),
  interrupted: (_, { unfold }) => unfold(),
  left: (_, { unfold }) => unfold(),
  ended: (_, { unfold }) => unfold(),
  approved: ({ by, needed }, { voice }) => voice.line(`${by} approved, as one of ${needed} people`),
  withdrawn: ({ by }, { voice }) => voice.line(`${by} took the approval back`),
  decided({ by, decision, reason, overridden }, { voice }) {
    voice.line(`${by} decided ${decision}${reason === '' ? '' : `: ${reason}`}`)
    warn(voice, overridden ?? null)
  },
  'artifact-frozen': untold,
  'backed-up': untold,
  'detour-deed': untold,
  'figures-read': untold,
  'instance-desired': untold,
  'instance-prepared': untold,
  'record-opened': untold,
}

/** Another line of the log says it, or the page does. */
function untold(): void {}

function warn(voice: Voice, overridden: Overridden | null): void {
  if (overridden !== null) voice.warning('A freeze is overridden', describeOverridden(overridden))
}

function warnOf(voice: Voice, { overridden, warnings }: Plan): void {
  warn(voice, overridden)
  const said = overridden === null ? null : `${describeOverridden(overridden)}.`
  for (const warning of warnings) if (warning !== said) voice.warning('The plan warns', warning)
}

function endStep(event: AtStep, { voice, deployment, unfold }: MomentTold, end: string): void {
  voice.line(stepProgress(event.step, end, sinceBegun(deployment, 'step-started', event)))
  unfold()
}

function endInstance(
  { step, instance }: AtStep & { readonly instance: string },
  { voice, deployment, now }: MomentTold,
  words: (progress: InstanceMade) => string,
): void {
  const made = progress(deployment, now, step, instance)
  voice.line(instanceProgress(made.place, instance, words(made), made.took))
}

/** An event of a step, with its time. */
interface AtStep {
  readonly step: string
  readonly at: string
}

const sinceBegun = ({ journal }: Underway, kind: Event['kind'], { step, at }: AtStep): number =>
  between(
    journal.findLast((past) => past.kind === kind && 'step' in past && past.step === step)?.at ?? at,
    at,
  )

const headingOf = ({ step, at }: AtStep, { deployment: { plan, journal } }: MomentTold): string =>
  stepHeading(plan, step, between(journal[0]?.at ?? at, at))

function manifestsInWords({ tail, why }: EventOf<'manifests-compared'>): string {
  if (why !== null) return 'the manifests could not be compared with the cluster'
  return `the manifests change ${tail.length === 0 ? 'nothing' : 'what stands above'}`
}

const verdictWords = {
  'better-or-equal': 'the others may follow: ',
  worse: '',
  inconclusive: 'the test bed could not be compared: ',
} as const

function engineInWords({ of, seen }: EventOf<'engine-observed'>): string {
  const troubles = [...new Set(seen.troubles.map(({ reason }) => reason))].join(', ')
  const whose = of === 'test-bed' ? 'the replica beside the others: ' : ''
  return `${whose}${phaseWords[seen.phase]}, ${replicasInWords(seen)}${troubles === '' ? '' : ` ${troubles}.`}`
}

function whatIsThere(mode: Mode, now: Standing, step: string): string {
  const roll = now.rolls.get(step)
  const instances = [...(roll?.instances.values() ?? [])]
  const right = instances.filter(({ state }) => state === 'left-alone' || state === 'done').length
  const up = instances.filter(({ available }) => available).length
  return `${instances.length} instances: ${up} available, ${right} ${modeWords[mode].already} already`
}

function whatChanged(now: Standing, { step, available }: EventOf<'capacity-observed'>): string {
  const instances = [...(now.rolls.get(step)?.instances.values() ?? [])]
  const up = instances.filter((instance) => instance.available).length
  const words = Object.entries(available).map(([name, isUp]) => `${name} is ${isUp ? 'up again' : 'down'}`)
  return `${words.join(', ')}: ${up} of ${instances.length} available`
}

interface InstanceMade {
  readonly place: { readonly nth: number; readonly total: number }
  readonly took: number
  readonly version: string
}

/** Returns the progress of a step over its instances, this one included. */
function progress({ plan, journal }: Underway, now: Standing, step: string, instance: string): InstanceMade {
  const instances = [...(now.rolls.get(step)?.instances.values() ?? [])].filter(
    ({ state }) => state !== 'untouched' && state !== 'excluded',
  )
  const started = journal.findLast(
    (event) =>
      event.kind === 'instances-started' && event.step === step && event.instances.includes(instance),
  )
  const [last] = journal.slice(-1)
  return {
    place: {
      nth: instances.filter(({ state }) => state !== 'pending' && state !== 'changing').length,
      total: instances.length,
    },
    took: started === undefined || last === undefined ? 0 : between(started.at, last.at),
    version: now.direction.to === 'new' ? plan.release.tag : (plan.from?.tag ?? ''),
  }
}
