import type { Recipe } from '../../config/recipe.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { OpenDetour } from '../../ledger/open-detour.ts'
import { unfinishedOf } from '../../ledger/unfinished.ts'
import { leftBehind } from './left-behind.ts'

/** Returns what each service at home is, as far as the ledger tells: `web: stuck at web-1; api: with visitors` */
export function homeInWords(
  { services }: Pick<Recipe, 'services'>,
  { unfinished }: Pick<Ledger, 'unfinished'>,
  detour: OpenDetour,
): string {
  const state = states[leftBehind(detour)]
  const each = services.map(({ name }) => {
    const stuck = unfinishedOf(name, unfinished)
    return stuck.length === 0 ? `${name}: ${state}` : `${name}: stuck at ${stuck.join(', ')}`
  })
  return `Home, as its last deployment left it: ${each.join('; ')}.`
}

const states = {
  untouched: 'not changed since visitors were there',
  away: 'without visitors, changed or stopped',
  returned: 'with visitors',
} as const
