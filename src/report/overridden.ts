import { describeOverridden, type Overridden } from '../domain/freeze-words.ts'
import { overriddenBy } from '../domain/ledger.ts'
import { alert, blocks, text } from './markdown.ts'
import type { View } from './view.ts'

/** The alert that every report of a deployment carries which went through a freeze; null for any other. */
export function overriddenAlert(view: Pick<View, 'plan' | 'journal'>): string | null {
  const all = overriddenBy(view)
  return all.length === 0
    ? null
    : blocks(...all.map((one) => alert('WARNING', text(describeOverridden(one)))))
}

/** `, through year-end by alice` */
export const throughFreezes = (all: readonly Overridden[] = []): string =>
  all.map(({ freezes, windows, by }) => `, through ${[...freezes, ...windows].join(', ')} by ${by}`).join('')
