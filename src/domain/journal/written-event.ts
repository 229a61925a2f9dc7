import { pauseFrom, type WrittenPause, writtenPause } from '../question/written-pause.ts'
import { directionFrom, type WrittenDirection, writtenDirection } from './direction.ts'
import type { Event } from './journal.ts'

type Paused = Extract<Event, { kind: 'paused' }>
type Started = Extract<Event, { kind: 'instances-started' }>

/** An event as journals hold it since 0.1.0. */
export type SparseEvent =
  | Exclude<Event, Paused | Started>
  | (Omit<Paused, 'pause'> & { readonly pause: WrittenPause })
  | (Omit<Started, 'direction'> & { readonly direction: WrittenDirection })

/** Reads an event from the ledger of any version. */
export function eventFrom(event: SparseEvent): Event {
  switch (event.kind) {
    case 'paused':
      return { ...event, pause: pauseFrom(event.pause) }
    case 'instances-started':
      return { ...event, direction: directionFrom(event.direction) }
    default:
      return event
  }
}

export function writtenEvent(event: Event): SparseEvent {
  switch (event.kind) {
    case 'paused':
      return { ...event, pause: writtenPause(event.pause) }
    case 'instances-started':
      return { ...event, direction: writtenDirection(event.direction) }
    default:
      return event
  }
}
