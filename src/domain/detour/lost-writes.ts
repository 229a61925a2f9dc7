import type { DetourEvidence, LostWrites } from './deed.ts'

/** Says which writes of the stand-in home will not have, for the evidence of its end. */
export function lostInEvidence(lost: LostWrites): DetourEvidence {
  switch (lost.kind) {
    case 'counted':
      return { lost: `${sum(lost.byTable)}`, ...tables(lost.byTable) }
    case 'at-most':
      return { lost: `at most ${lost.rows}`, 'lost-why': lost.why }
    case 'uncounted':
      return { lost: 'not counted', 'lost-why': lost.why }
  }
}

const sum = (byTable: Readonly<Record<string, number>>): number =>
  Object.values(byTable).reduce((total, rows) => total + rows, 0)

/** A table without a change is none of the loss. */
function tables(byTable: Readonly<Record<string, number>>): DetourEvidence {
  const changed = Object.entries(byTable)
    .filter(([, rows]) => rows > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return changed.length === 0
    ? {}
    : { 'lost-by-table': changed.map(([table, rows]) => `${table} ${rows}`).join(', ') }
}
