import { duration } from '../../domain/durations.ts'
import { ranOut } from '../../domain/ledger/duty.ts'
import type { Lease } from '../../domain/ledger/lease.ts'
import { keptInWords, leaseWords } from '../../domain/ledger/lease-words.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { alert, blocks } from '../text/markdown.ts'
import { between, moment } from '../text/moments.ts'
import type { View } from './view.ts'

/** The alerts that every report carries for as long as a lease lasts; null without one. */
export const leaseAlerts = ({ ledger, now }: View): string | null =>
  ledger.leases.length === 0 ? null : blocks(...ledger.leases.map((lease) => leaseAlert(lease, ledger, now)))

function leaseAlert(lease: Lease, { detour }: Pick<Ledger, 'detour'>, now: string): string {
  const { kind, since, deployment } = lease
  const { thing, taken, meaning } = leaseWords[kind]
  const kept = keptInWords(lease, detour)
  return alert(
    'CAUTION',
    `**The ${thing} is still ${taken}**: since ${moment(since)} (${duration(between(since, now))}), by deployment ${deployment}. ${meaning}`,
    kept === null ? termInWords(lease, now) : `${kept.charAt(0).toUpperCase()}${kept.slice(1)}.`,
  )
}

function termInWords(lease: Lease, now: string): string {
  const { kind, until } = lease
  const { giveBack } = leaseWords[kind]
  return ranOut(lease, new Date(now))
    ? `Its lease ran out at ${moment(until)}: any run may ${giveBack} it now.`
    : `Its lease lasts until ${moment(until)}; after that any run may ${giveBack} it.`
}
