import { duration } from '../../domain/durations.ts'
import type { Lease } from '../../domain/ledger/lease.ts'
import { leaseWords } from '../../domain/ledger/lease-words.ts'
import { alert, blocks } from '../text/markdown.ts'
import { between, moment } from '../text/moments.ts'
import type { View } from './view.ts'

/** The alerts that every report carries for as long as a lease lasts; null without one. */
export const leaseAlerts = ({ ledger, now }: View): string | null =>
  ledger.leases.length === 0 ? null : blocks(...ledger.leases.map((lease) => leaseAlert(lease, now)))

function leaseAlert({ kind, since, until, deployment }: Lease, now: string): string {
  const { thing, taken, giveBack, meaning } = leaseWords[kind]
  const over = Date.parse(until) <= Date.parse(now)
  return alert(
    'CAUTION',
    `**The ${thing} is still ${taken}**: since ${moment(since)} (${duration(between(since, now))}), by deployment ${deployment}. ${meaning}`,
    over
      ? `Its lease ran out at ${moment(until)}: any run may ${giveBack} it now.`
      : `Its lease lasts until ${moment(until)}; after that any run may ${giveBack} it.`,
  )
}
