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
  let open = false
  const fold = (title: string): void => {
    unfold()
    voice.group(title)
    open = true
  }
  const unfold = (): void => {
    if (open) voice.endGroup()
    open = false
  }

  const warn = (overridden: Overridden | null): void => {
    if (overridden !== null) voice.warning('A freeze is overridden', describeOverridden(overridden))
  }

  const warnOf = ({ overridden, warnings }: Plan): void => {
    warn(overridden)
    const said = overridden === null ? null : `${describeOverridden(overridden)}.`
    for (const warning of warnings) if (warning !== said) voice.warning('The plan warns', warning)
  }

  return {
    heard(deployment, now) {
      const { plan, journal } = deployment
      const event = journal.at(-1)
      if (event === undefined) return
      const since = (kind: string, step: string): number =>
        between(
          journal.findLast((past) => past.kind === kind && 'step' in past && past.step === step)?.at ??
            event.at,
          event.at,
        )
      const heading = ({ step, at }: { step: string; at: string }): string =>
        stepHeading(plan, step, between(journal[0]?.at ?? at, at))
      switch (event.kind) {
        case 'opened':
          voice.line(`Beginning deployment ${event.number} of ${plan.environment.name}.`)
          return warnOf(plan)
        case 'resumed':
          voice.line(`Resuming deployment ${deployment.number} of ${plan.environment.name}.`)
          return warnOf(plan)
        case 'step-started':
          return fold(heading(event))
        case 'step-succeeded':
          voice.line(stepProgress(event.step, event.note ?? 'done', since('step-started', event.step)))
          return unfold()
        case 'step-skipped':
          voice.line(stepProgress(event.step, `skipped: ${event.note}`, since('step-started', event.step)))
          return unfold()
        case 'step-failed':
          voice.line(
            stepProgress(event.step, `failed: ${event.failure.what}`, since('step-started', event.step)),
          )
          return unfold()
        case 'outputs-frozen':
          return voice.line(`outputs of the build: ${Object.keys(event.outputs).join(', ')}`)
        case 'command-ran':
          return voice.line(`${event.step} has run on ${event.instance}`)
        case 'instance-checked':
          return voice.line(`the checks of the serving release against ${event.instance}: ${event.found}`)
        case 'undo-started':
          return fold(`Taking back ${event.step}`)
        case 'undo-succeeded':
          voice.line(stepProgress(event.step, 'taken back', since('undo-started', event.step)))
          return unfold()
        case 'undo-failed':
          voice.line(`${event.step} could not be taken back: ${event.failure.what}`)
          return unfold()
        case 'instances-observed':
          // A resuming run did not begin the step.
          if (!open) fold(now.direction.to === 'new' ? heading(event) : `Taking back ${event.step}`)
          return voice.line(whatIsThere(deployment.plan.mode, now, event.step))
        case 'capacity-observed':
          return voice.line(whatChanged(now, event))
        case 'instances-started':
          return voice.line(`changing ${event.instances.join(', ')}`)
        case 'instance-succeeded':
        case 'instance-failed': {
          const { place, took, version } = progress(deployment, now, event.step, event.instance)
          const happened =
            event.kind === 'instance-succeeded' ? `serves ${version}` : `failed: ${event.failure.what}`
          return voice.line(instanceProgress(place, event.instance, happened, took))
        }
        case 'handed-over':
          return voice.line(
            `${event.step}: the engine rolls to ${imagesInWords(event.images)}, as ${event.rollout}`,
          )
        case 'engine-observed':
          return voice.line(`${event.step}: ${engineInWords(event)}`)
        case 'manifests-compared':
          for (const line of event.tail) voice.line(`  ${line}`)
          return voice.line(
            event.why === null
              ? `${event.step}: the manifests change ${event.tail.length === 0 ? 'nothing' : 'what stands above'}`
              : `${event.step}: the manifests could not be compared with the cluster`,
          )
        case 'cron-jobs-observed':
          return voice.line(
            event.active.length === 0
              ? `${event.step}: no CronJob was active`
              : `${event.step}: suspends ${event.active.join(', ')}`,
          )
        case 'bake-started':
          return voice.line(`the test bed is watched until ${event.until}`)
        case 'bake-ended':
          for (const line of event.verdict.tail) voice.line(`  ${line}`)
          return voice.line(`${verdictWords[event.verdict.kind]}${event.verdict.what}`)
        case 'lapsed':
          return voice.line('The time of the test bed is over.')
        case 'halted':
          unfold()
          for (const signal of event.signals) voice.line(`Halted: ${describeSignal(signal)}.`)
          return
        case 'turned-back':
          unfold()
          return voice.line(`Going back: ${event.failure.what}`)
        case 'paused':
        case 'interrupted':
        case 'left':
        case 'ended':
          return unfold()
        case 'approved':
          return voice.line(`${event.by} approved, as one of ${event.needed} people`)
        case 'withdrawn':
          return voice.line(`${event.by} took the approval back`)
        case 'decided':
          voice.line(`${event.by} decided ${event.decision}${event.reason === '' ? '' : `: ${event.reason}`}`)
          return warn(event.overridden ?? null)
        case 'record-opened':
          return
      }
    },
  }
}

const verdictWords = {
  'better-or-equal': 'the others may follow: ',
  worse: '',
  inconclusive: 'the test bed could not be compared: ',
} as const

function engineInWords({ of, seen }: Extract<Event, { kind: 'engine-observed' }>): string {
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

function whatChanged(
  now: Standing,
  { step, available }: Extract<Event, { kind: 'capacity-observed' }>,
): string {
  const instances = [...(now.rolls.get(step)?.instances.values() ?? [])]
  const up = instances.filter((instance) => instance.available).length
  const words = Object.entries(available).map(([name, isUp]) => `${name} is ${isUp ? 'up again' : 'down'}`)
  return `${words.join(', ')}: ${up} of ${instances.length} available`
}

/** Returns the progress of a step over its instances, this one included. */
function progress({ plan, journal }: Underway, now: Standing, step: string, instance: string) {
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
