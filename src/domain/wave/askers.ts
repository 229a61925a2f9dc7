import type { Ledger } from '../ledger/ledger.ts'
import type { ReleaseId } from '../release/release.ts'
import { isOf } from './wave.ts'

/** Returns the people who brought a release here, if a wave took it on from here to an environment. */
export function askersOf(
  { waves, history }: Pick<Ledger, 'waves' | 'history'>,
  environment: string,
  release: ReleaseId,
): readonly string[] {
  const wave = waves.find((one) => isOf(one, environment, release) && one.kind !== 'refused')
  return history.find(({ number }) => number === wave?.deployment)?.by ?? []
}
