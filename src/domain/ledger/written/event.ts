import { directionFrom, type WrittenDirection, writtenDirection } from '../../journal/direction.ts'
import type { Event, Handled } from '../../journal/journal.ts'
import { pauseFrom, type WrittenPause, writtenPause } from '../../question/written-pause.ts'
import type { Verdict } from '../../rolling/verdict.ts'
import { filled, type Sparse, spare } from '../../sparse.ts'

type Paused = Extract<Event, { kind: 'paused' }>
type Started = Extract<Event, { kind: 'instances-started' }>
type InstanceDesired = Extract<Event, { kind: 'instance-desired' }>
type InstanceSucceeded = Extract<Event, { kind: 'instance-succeeded' }>
type InstanceFailed = Extract<Event, { kind: 'instance-failed' }>
type BakeEnded = Extract<Event, { kind: 'bake-ended' }>

/** 0.1.0 does not tell when an instance was out of traffic. */
const handledRow: Handled = { outSince: null, backSince: null }

/** 0.1.0 judges by means alone. */
const verdictRow = { evidence: [], longer: null } satisfies Partial<Verdict>

/** An event as journals hold it since 0.1.0. */
export type SparseEvent =
  | Exclude<Event, Paused | Started | InstanceDesired | InstanceSucceeded | InstanceFailed | BakeEnded>
  | Sparse<InstanceSucceeded, keyof Handled>
  | Sparse<InstanceFailed, keyof Handled>
  | (Omit<BakeEnded, 'verdict'> & { readonly verdict: Sparse<Verdict, keyof typeof verdictRow> })
  | (Omit<Paused, 'pause'> & { readonly pause: WrittenPause })
  | (Omit<Started, 'direction'> & { readonly direction: WrittenDirection })
  | (Omit<InstanceDesired, 'direction'> & { readonly direction: WrittenDirection })

/** Reads an event from the ledger of any version. */
export function eventFrom(event: SparseEvent): Event {
  switch (event.kind) {
    case 'paused':
      return { ...event, pause: pauseFrom(event.pause) }
    case 'instances-started':
      return { ...event, direction: directionFrom(event.direction) }
    case 'instance-desired':
      return { ...event, direction: directionFrom(event.direction) }
    case 'instance-succeeded':
    case 'instance-failed':
      return filled(handledRow, event)
    case 'bake-ended':
      return { ...event, verdict: filled(verdictRow, event.verdict) }
    default:
      return event
  }
}

export function writtenEvent(event: Event): object {
  switch (event.kind) {
    case 'paused':
      return { ...event, pause: writtenPause(event.pause) }
    case 'instances-started':
    case 'instance-desired':
      return { ...event, direction: writtenDirection(event.direction) }
    case 'instance-succeeded':
    case 'instance-failed':
      return spare({ ...handledRow }, event)
    case 'bake-ended':
      return { ...event, verdict: spare(verdictRow, event.verdict) }
    default:
      return event
  }
}
