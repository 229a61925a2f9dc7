import { type Instance, KEPT_RELEASES } from '../../domain/config/fleet.ts'
import type { Service } from '../../domain/config/service.ts'
import type { Direction } from '../../domain/journal/direction.ts'
import { neededReleases } from '../../domain/ledger/needed-releases.ts'
import { Problem } from '../../domain/problem.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Cargo, HeldFile } from '../ports.ts'
import type { Context } from '../run/context.ts'
import { failureFrom } from '../run/failure.ts'
import { obtain } from './obtain-file.ts'
import {
  bytesOf,
  freeze,
  frozenIn,
  inCheckout,
  namedInManifest,
  servedBefore,
  type WantedFile,
  wantedOf,
  warnOfOtherBytes,
} from './wanted-file.ts'

/**
 * Notes which bytes the instances of a service get, before one of them is changed: a run that resumes in a
 * fresh checkout must bring the same bytes. The file in the release's manifest comes first; then the bytes
 * built here; then those of the serving release.
 */
export async function freezeArtifact(
  context: Context,
  service: Service,
  direction: Direction,
): Promise<void> {
  const wanted = wantedOf(context, service, direction)
  if (wanted !== null && frozenIn(wanted) === null) await freezeFirst(wanted)
}

async function freezeFirst(wanted: WantedFile): Promise<void> {
  const served = servedBefore(wanted)
  const back = wanted.direction.to === 'old'
  if (back && served !== null) return freeze(wanted, served, 'ledger')
  const named = await namedInManifest(wanted)
  if (named !== null) return freeze(wanted, named.artifact.sha256, 'manifest')
  const built = back ? null : await inCheckout(wanted).catch(unread)
  if (built !== null && served !== null && built.sha256 !== served)
    warnOfOtherBytes(wanted, built.sha256, served)
  if (built !== null) return freeze(wanted, built.sha256, 'checkout')
  if (served !== null) freeze(wanted, served, 'ledger')
}

/** Returns the files for an instance. Null if its service brings no file. */
export function cargoFor(
  context: Context,
  service: Service,
  direction: Direction,
  instance: Instance,
): Cargo | null {
  const wanted = wantedOf(context, service, direction)
  if (wanted === null) return null
  return {
    wanted: () => frozenIn(wanted)?.sha256 ?? null,
    obtain: () => once(wanted, () => obtain(wanted, instance)),
    accepts(sha256) {
      if (frozenIn(wanted) === null) freeze(wanted, sha256, 'host')
      const same = (frozenIn(wanted)?.sha256 ?? sha256) === sha256
      if (same) bytesOf(wanted).onHosts = true
      return same
    },
    keeping: {
      keep: service.fleet.prepare?.keep ?? KEPT_RELEASES,
      needed: neededReleases(context.plan, context.session.ledger),
    },
  }
}

function once(wanted: WantedFile, work: () => Promise<HeldFile | Failure>): Promise<HeldFile | Failure> {
  const bytes = bytesOf(wanted)
  bytes.got ??= work().catch(failureFrom)
  return bytes.got
}

/** An unreadable file stops the instance that needs it, and not the deployment. */
function unread(thrown: unknown): null {
  if (thrown instanceof Problem) return null
  throw thrown
}
