import { changesByItself } from '../config/fleet.ts'
import type { Service } from '../config/service.ts'
import type { Direction } from '../journal/direction.ts'
import { releaseOf } from '../journal/direction.ts'
import type { Happening, Journal } from '../journal/journal.ts'
import type { Underway } from '../ledger/underway.ts'
import { type ReleaseId, sameCommit } from '../release/release.ts'
import { rollStep } from '../step/steps-in.ts'

/**
 * The desired release of one instance on a host that pulls. It stands in the ledger, and as a file of its own in the same
 * commit, which the agent of the host reads.
 */
export interface Desired {
  readonly service: string
  readonly instance: string
  /** Tells one request from the next: an agent that has failed on it tries again only with another. */
  readonly order: string
  readonly release: ReleaseId
  /** SHA-256 of the release's manifest, in hexadecimal. */
  readonly manifest: string
  /** The digests of the release's files by their names, from its manifest. */
  readonly artifacts: Readonly<Record<string, string>>
  /** The instance is stopped and started again although it runs the release; nothing is installed. */
  readonly restart: boolean
}

export type Desiring = Extract<Happening, { kind: 'instance-desired' }>

/** The desired releases after one more. Without a manifest no agent takes the release: then none is desired. */
export function desiredAfter(
  before: readonly Desired[],
  { number, plan, journal }: Pick<Underway, 'number' | 'plan' | 'journal'>,
  { step: id, instance, direction }: Desiring,
): readonly Desired[] {
  const step = rollStep(plan.steps, id)
  const { tag, sha, manifest } = releaseOf(plan, direction)
  if (step === null || manifest === undefined) return before
  const service = step.service.name
  const turn = journal.filter((event) => asksOf(event, id, instance)).length
  const one: Desired = {
    ...{ service, instance, order: `${number}.${turn}`, release: { tag, sha }, manifest },
    artifacts: knownArtifacts(before, journal, sha),
    restart: step.restart,
  }
  return [...before.filter((other) => !isOf(other, service, instance)), one].toSorted(byPlace)
}

const asksOf = (event: Happening, step: string, instance: string): boolean =>
  event.kind === 'instance-desired' && event.step === step && event.instance === instance

/** The digests of a release's files: from its manifest as this deployment read it, or as an earlier one did. */
export function knownArtifacts(
  before: readonly Desired[],
  journal: Journal,
  sha: string,
): Readonly<Record<string, string>> {
  const earlier = before.find(({ release }) => release.sha === sha)?.artifacts ?? {}
  const read = journal.flatMap((event) =>
    event.kind === 'artifact-frozen' && event.sha === sha && event.from === 'manifest'
      ? [[event.path, event.sha256] as const]
      : [],
  )
  return { ...earlier, ...Object.fromEntries(read) }
}

/** Returns what is desired of an instance; null where nothing is. */
export const desiredOf = (all: readonly Desired[], service: string, instance: string): Desired | null =>
  all.find((one) => isOf(one, service, instance)) ?? null

const isOf = (one: Desired, service: string, instance: string): boolean =>
  one.service === service && one.instance === instance

const byPlace = (one: Desired, other: Desired): number =>
  one.service.localeCompare(other.service, 'en') || one.instance.localeCompare(other.instance, 'en')

/** True if an instance was asked for this release in this deployment, and no end of that is known. */
export function stillAsked(
  journal: Journal,
  step: string,
  instance: string,
  { to }: Pick<Direction, 'to'>,
): boolean {
  const last = journal.findLast(
    (event) =>
      asksOf(event, step, instance) || (isEnd(event) && event.step === step && event.instance === instance),
  )
  return last?.kind === 'instance-desired' && last.direction.to === to
}

const isEnd = (
  event: Happening,
): event is Extract<Happening, { kind: 'instance-failed' | 'instance-succeeded' }> =>
  event.kind === 'instance-failed' || event.kind === 'instance-succeeded'

/** The instances that pull and whose desired release is another: they change, whatever they say of themselves. */
export const undesiredIn = (
  { name, fleet }: Service,
  all: readonly Desired[],
  release: ReleaseId,
): readonly string[] =>
  !changesByItself(fleet)
    ? []
    : fleet.instances
        .map((instance) => instance.name)
        .filter((instance) => !sameCommit(release, desiredOf(all, name, instance)?.release))

/** Returns all but the instances that their service no longer has. */
export const withoutGone = (all: readonly Desired[], { name, fleet }: Service): readonly Desired[] =>
  all.filter((one) => one.service !== name || fleet.instances.some(({ name }) => name === one.instance))

/** Returns all but these instances, whose agents then change nothing. */
export const withoutThese = (
  all: readonly Desired[],
  gone: readonly Pick<Desired, 'service' | 'instance'>[],
): readonly Desired[] => all.filter((one) => !gone.some((other) => isOf(one, other.service, other.instance)))
