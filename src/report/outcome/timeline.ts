import type { Event, Journal } from '../../domain/journal/journal.ts'
import { between } from '../text/moments.ts'
import { spanOf, type View } from './view.ts'

/** A time with a beginning and an end, in ISO. */
export interface Interval {
  readonly from: string
  readonly to: string
}

export interface StepSpan extends Interval {
  readonly name: string
  readonly what: 'step' | 'undo' | 'instance'
  readonly end: 'succeeded' | 'failed' | 'open'
}

/**
 * Returns the times in which no run worked on a deployment: it waited for a person, or for another run. A
 * run that was not cancelled certainly worked only until its last event.
 */
export function waits({ journal, now }: View): Interval[] {
  const found: Interval[] = []
  let since: string | null = null
  let before = now
  for (const event of journal) {
    if (event.kind === 'paused' || event.kind === 'left') since ??= event.at
    else if (event.kind === 'interrupted' && event.cause !== 'cancelled') since ??= before
    else if (since !== null && event.kind !== 'decided') {
      found.push({ from: since, to: event.at })
      since = null
    }
    before = event.at
  }
  return since === null ? found : [...found, { from: since, to: now }]
}

/** Milliseconds of an interval without the waits in it. */
export const worked = (interval: Interval, idle: readonly Interval[]): number =>
  idle.reduce((rest, wait) => rest - overlap(interval, wait), between(interval.from, interval.to))

function overlap(a: Interval, b: Interval): number {
  const [, from = a.from] = [a.from, b.from].toSorted()
  const [to = a.to] = [a.to, b.to].toSorted()
  return between(from, to)
}

/**
 * Returns the intervals of steps and instances, in the order of their starts. An interval that a run left
 * unfinished ends with that run.
 */
export function spans(view: View): StepSpan[] {
  const open = new Map<string, Pick<StepSpan, 'name' | 'what' | 'from'>>()
  const found: StepSpan[] = []
  const close = (key: string, to: string, end: StepSpan['end']) => {
    const begun = open.get(key)
    if (begun === undefined) return
    open.delete(key)
    found.push({ ...begun, to, end })
  }
  for (const event of view.journal) {
    // A step that is taken back is not at work any more.
    if (event.kind === 'undo-started') close(event.step, event.at, 'open')
    for (const { key, name, what } of begins(event))
      if (!open.has(key)) open.set(key, { name, what, from: event.at })
    const ended = ends(event)
    if (ended !== null) close(ended.key, event.at, ended.end)
    if (event.kind === 'left' || event.kind === 'interrupted')
      for (const key of [...open.keys()]) close(key, event.at, 'open')
  }
  for (const key of [...open.keys()]) close(key, lastWork(view), 'open')
  return found.toSorted((a, b) => a.from.localeCompare(b.from))
}

type Begun = Pick<StepSpan, 'name' | 'what'> & { readonly key: string }

function begins(event: Event): Begun[] {
  switch (event.kind) {
    case 'step-started':
      return [{ key: event.step, name: event.step, what: 'step' }]
    case 'undo-started':
      return [{ key: `undo ${event.step}`, name: `undo ${event.step}`, what: 'undo' }]
    case 'instances-started':
      return event.instances.map((name) => ({ key: `${event.step} ${name}`, name, what: 'instance' }))
    default:
      return []
  }
}

function ends(event: Event): { key: string; end: StepSpan['end'] } | null {
  switch (event.kind) {
    case 'step-succeeded':
    case 'step-skipped':
      return { key: event.step, end: 'succeeded' }
    case 'step-failed':
      return { key: event.step, end: 'failed' }
    case 'undo-succeeded':
      return { key: `undo ${event.step}`, end: 'succeeded' }
    case 'undo-failed':
      return { key: `undo ${event.step}`, end: 'failed' }
    case 'instance-succeeded':
      return { key: `${event.step} ${event.instance}`, end: 'succeeded' }
    case 'instance-failed':
      return { key: `${event.step} ${event.instance}`, end: 'failed' }
    default:
      return null
  }
}

/** Returns the end of the last run's work. */
function lastWork(view: View): string {
  const last = waits(view).at(-1)
  const { to } = spanOf(view)
  return last !== undefined && last.to === to ? last.from : to
}

/** The steps that a journal has begun. */
export const hasBegun = (journal: Journal, step: string): boolean =>
  journal.some((event) => event.kind === 'step-started' && event.step === step)
