import type { Ledger } from '../../ledger/ledger.ts'
import type { OpenDetour } from '../../ledger/open-detour.ts'
import { modes } from '../../plan/modes.ts'
import type { Undertaking } from '../../plan/undertaking.ts'
import { provenAway } from '../opening.ts'
import { stands } from '../turn.ts'
import type { LeftBehind, NamedEnd } from './named-end.ts'

/** Returns how an open detour was left. While it is being opened nothing at home is changed. */
export function leftBehind(detour: Pick<OpenDetour, 'phase' | 'notes'>): LeftBehind {
  if (detour.phase === 'opening') return 'untouched'
  if (provenAway(detour)) return 'away'
  return stands(detour, 'closed', 'at-stand-in') ? 'returned' : 'untouched'
}

/** Returns the end of a detour that is closed by name; null for every other undertaking, and without a detour. */
export function namedEnd(undertaking: Undertaking, { detour }: Pick<Ledger, 'detour'>): NamedEnd | null {
  if (!('closes' in undertaking) || modes[undertaking.mode].needs !== 'detour' || detour === null) return null
  const left = leftBehind(detour)
  const { closes: of, as, acknowledgeDataLoss: acknowledged } = undertaking
  return { of, left, database: left === 'away' && as === 'revert' ? 'restored' : 'stays', acknowledged }
}
