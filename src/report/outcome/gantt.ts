import { fenced, plain, shorten } from '../text/markdown.ts'
import { between } from '../text/moments.ts'
import { type Interval, type StepSpan, spans, waits, worked } from './timeline.ts'
import { spanOf, type View } from './view.ts'

const mostInstanceBars = 40

/**
 * Times that the axis can tell apart: its marks have whole seconds, and its clock begins anew every day. Mermaid draws about
 * ten marks, so that a shorter time would have the same second several times.
 */
const [shortest, longest] = [10_000, 86_400_000]

/**
 * Draws the working time as a chart. Waits for a person are left out, or a night's wait would hide the
 * minutes before it. Null for less than two timed steps, and for a time that the axis cannot show.
 */
export function gantt(view: View): string | null {
  const all = spans(view).filter(({ from, to }) => from < to)
  const steps = all.filter(({ what }) => what !== 'instance')
  if (steps.length < 2) return null
  const { total, waited } = timesOf(view)
  if (total - waited < shortest || total - waited > longest) return null
  const instances = all.filter(({ what }) => what === 'instance')
  const idle = waits(view)
  const start = spanOf(view).from
  const bars = (some: readonly StepSpan[]) => some.map((span) => bar(span, start, idle))
  const fleet = instances.length > mostInstanceBars ? [] : instances
  return fenced(
    [
      'gantt',
      '  title Time at work, without waiting',
      '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
      '  axisFormat %H:%M:%S',
      '  section Steps',
      ...bars(steps),
      ...(fleet.length === 0 ? [] : ['  section Instances', ...bars(fleet)]),
    ],
    'mermaid',
  )
}

const marks = { succeeded: '', failed: 'crit, ', open: 'active, ' }

function bar(span: StepSpan, start: string, idle: readonly Interval[]): string {
  const from = worked({ from: start, to: span.from }, idle)
  const length = worked(span, idle)
  return `    ${chartName(span.name)} :${marks[span.end]}${clock(from)}, ${clock(from + length)}`
}

/** A name that Mermaid can only read as a name. */
export function chartName(name: string): string {
  const letters = plain(name).replace(/[^\p{L}\p{N} ./_-]/gu, '_')
  // Mermaid takes some words at the start of a line as its own.
  const own =
    /^(section|title|click|call|href|excludes|includes|weekday|weekend|dateFormat|axisFormat|tickInterval|todayMarker|gantt|acc|topAxis|inclusiveEndDates)/i
  return own.test(letters) || letters === '' ? `_${letters}` : shorten(letters, 40).replaceAll('…', '_')
}

/** Time since the start, on the first day there is: Mermaid knows no durations on its axis. */
const clock = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().slice(0, 23).replace('T', ' ')

/** Returns the duration of a deployment in milliseconds, and the part of it that it waited. */
export function timesOf(view: View): { readonly total: number; readonly waited: number } {
  const span = spanOf(view)
  const total = between(span.from, span.to)
  return { total, waited: total - worked(span, waits(view)) }
}
