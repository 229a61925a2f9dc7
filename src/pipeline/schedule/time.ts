import { Problem, type ProblemWords } from '../../domain/problem.ts'
import type { Moment } from '../../domain/schedule/freeze.ts'
import { ambiguous, outOfReach, type WantedTime } from '../../domain/schedule/wanted-time.ts'
import type { Ports } from '../ports.ts'

/**
 * Returns the one moment that a time means. Throws `schedule-time-invalid` for a time that exists twice or
 * never, and for one that is past or more than a year away.
 */
export function momentOf({ calendar, clock }: Pick<Ports, 'calendar' | 'clock'>, wanted: WantedTime): Moment {
  const moment = read(calendar, wanted)
  const unreachable = outOfReach(moment, clock.now())
  if (unreachable !== null) throw problem(unreachable)
  return moment
}

function read(calendar: Ports['calendar'], wanted: WantedTime): Moment {
  if (wanted.kind === 'instant') return calendar.moment(new Date(wanted.at), wanted.timezone)
  const found = calendar.readings(wanted.local, wanted.timezone)
  if (found.kind === 'once') return found.moment
  throw problem(ambiguous(wanted, found))
}

const problem = (words: ProblemWords): Problem => new Problem(words.code, words)
