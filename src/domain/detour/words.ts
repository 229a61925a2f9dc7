import type { OpenDetour } from '../ledger/open-detour.ts'

/** True if a detour has lasted longer than its config wants. Nothing is completed or destroyed for that. */
export const isOverdue = ({ until }: Pick<OpenDetour, 'until'>, now: string): boolean =>
  Date.parse(until) <= Date.parse(now)

const phases: { readonly [Phase in OpenDetour['phase']]: string } = {
  opening: 'is being opened',
  open: 'is open',
  closing: 'is being closed',
}

/** `the detour shop-production-7 is open since …: the stand-in serves v1.2.0, read-only` */
export const describeDetour = ({ id, phase, since, release, mode }: OpenDetour): string =>
  `the detour ${id} ${phases[phase]} since ${since}: the stand-in has ${release.tag}, ${mode}`

/** The loud words about a detour that lasts too long. `pause`: the question that waits; null without one. */
export const describeOverdue = (detour: OpenDetour, pause: string | null): string =>
  `${describeDetour(detour)}, and it was to end by ${detour.until}. It has expired, and nothing was completed or removed: ${
    pause === null ? 'deploy a release, which goes on in it, or close it by name' : `answer question ${pause}`
  }`
