import { duration } from '../../domain/durations.ts'
import { suspensionIn } from '../../domain/ledger/lease.ts'
import { alert } from '../text/markdown.ts'
import { between, moment } from '../text/moments.ts'
import type { View } from './view.ts'

/** The alert that every report carries for as long as the scheduler is suspended. */
export function schedulerAlert({ ledger, now }: View): string | null {
  const suspension = suspensionIn(ledger)
  if (suspension === null) return null
  const { since, until, deployment } = suspension
  const over = Date.parse(until) <= Date.parse(now)
  return alert(
    'CAUTION',
    `**The scheduler is still suspended**: since ${moment(since)} (${duration(between(since, now))}), by deployment ${deployment}. No new job starts.`,
    over
      ? `Its lease ran out at ${moment(until)}: anybody may resume it now.`
      : `Its lease lasts until ${moment(until)}; after that anybody may resume it.`,
  )
}
