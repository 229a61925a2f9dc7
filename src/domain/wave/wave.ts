import type { Past } from '../ledger/past.ts'
import { modes } from '../plan/modes.ts'
import type { ReleaseId } from '../release/release.ts'

/** A wave that a run took up, for one release. It stands in the ledger before GitHub is asked, so that no other run asks too. */
export type TakenWave = {
  readonly environment: string
  readonly release: ReleaseId
  /** The deployment that brought the release here. */
  readonly deployment: number
  /** ISO time in UTC. */
  readonly at: string
} & WaveState

export type WaveState =
  /** GitHub was asked, and its answer is not known: the run may be there. It is never asked again. */
  | { readonly kind: 'asked' }
  /** `run`: its address, where GitHub told it. */
  | { readonly kind: 'started'; readonly run: string | null }
  /** GitHub refused, so that there is no run: the next watch asks again. */
  | { readonly kind: 'refused'; readonly why: string }

/** The waves that a ledger remembers, newest first. */
const remembered = 20

/** Returns the waves with one more, or with the newer state of one. */
export const withWave = (waves: readonly TakenWave[], wave: TakenWave): readonly TakenWave[] =>
  [wave, ...waves.filter((one) => !isOf(one, wave.environment, wave.release))].slice(0, remembered)

/** True if a wave was taken up for a release and may not be taken up again: no release is sent on twice. */
export const isTaken = (waves: readonly TakenWave[], environment: string, release: ReleaseId): boolean =>
  waves.some((one) => isOf(one, environment, release) && one.kind !== 'refused')

/** True if a wave is that of a release to an environment. */
export const isOf = (
  wave: Pick<TakenWave, 'environment' | 'release'>,
  environment: string,
  { sha }: ReleaseId,
): boolean => wave.environment === environment && wave.release.sha === sha

/** True if a deployment may be followed by a wave: a rollback sends nothing on. */
export const leadsOn = ({ mode }: Pick<Past, 'mode'>): boolean =>
  modes[mode].bringsRelease && !modes[mode].goesBack

/** `production-eu was started with v1.2.0: https://…` */
export function describeWave(wave: TakenWave): string {
  const what = `${wave.environment} with ${wave.release.tag}`
  switch (wave.kind) {
    case 'asked':
      return `GitHub was asked to start ${what}, and its answer is not known: look at the runs, and start it by hand if it is not there`
    case 'started':
      return `${what} was started${wave.run === null ? '' : `: ${wave.run}`}`
    case 'refused':
      return `${what} could not be started: ${wave.why} The next watch tries again`
  }
}
