import type { WordRow } from '../../src/inputs/form/word-row.ts'
import { words } from '../../src/inputs/form/words.ts'
import { code, markdownTable } from './markdown-table.ts'

const jobs: { readonly [J in WordRow['job']]: string } = {
  none: 'only looks',
  note: 'notes: no approval, no command of a release',
  act: 'acts, behind the gate',
}

/** The words of the form, with the fields and the options of each. */
export function wordsTable(): string {
  const rows = Object.entries<WordRow>(words).map(([word, row]) => [
    code(word),
    row.meaning,
    Object.keys(row.fields).map(code).join(', '),
    [...Object.keys(row.options), ...(row.everywhere === true ? ['all-environments'] : [])]
      .map(code)
      .join(', '),
    jobs[row.job],
  ])
  return markdownTable(['`do`', 'meaning', 'fields', 'options', 'job'], rows)
}
