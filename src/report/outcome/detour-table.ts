import type { DetourAct, DetourNote } from '../../domain/detour/deed.ts'
import { duration } from '../../domain/durations.ts'
import { code, table, text } from '../text/markdown.ts'
import { between, moment } from '../text/moments.ts'
import type { View } from './view.ts'

/** Shows the evidence of a detour: where visitors were, when writes were refused, and what was lost. Null without one. */
export function detourTable(view: View): string | null {
  const notes = notesOf(view)
  if (notes.length === 0) return null
  const rows = [
    ['visitors on the stand-in', spansInWords(spans(notes, 'at-stand-in', 'at-home'), view.now)],
    ['writes refused', spansInWords(spans(notes, 'writes-shut', 'writes-open'), view.now)],
    ['marker seen', evidenceOf(notes, 'at-stand-in', 'marker') || evidenceOf(notes, 'pointed', 'marker')],
    ['copied at', evidenceOf(notes, 'fenced', 'position')],
    ['unchanged there until visitors had left', textOf(notes, 'left', 'unchanged')],
    ['writers turned away there', textOf(notes, 'left', 'turned-away')],
    ['cut off at', evidenceOf(notes, 'at-stand-in', 'frozen-at')],
    ['to know', textOf(notes, 'able', 'warnings')],
    ['writes lost', lostInWords(notes, 'closed') || lostInWords(notes, 'counted')],
    ['warm at home before the return', evidenceOf(notes, 'home-warm', 'warm')],
    ['failed home kept at', evidenceOf(notes, 'closed', 'kept')],
    ['stand-in removed', momentOf(notes, 'discarded')],
  ]
  return table(
    ['detour', ''],
    rows.filter(([, words]) => words !== '').map(([what = '', words = '']) => [what, words]),
  )
}

/** The deeds of the detour, of earlier deployments in it as well while it is open. */
const notesOf = ({ ledger, journal }: View): readonly DetourNote[] =>
  ledger.detour?.notes ??
  journal.flatMap((event) =>
    event.kind === 'detour-deed' ? [{ at: event.at, act: event.deed, evidence: event.evidence }] : [],
  )

interface DetourSpan {
  readonly from: string
  /** Null while it lasts. */
  readonly to: string | null
}

/** Returns the times from one deed to another: several where it was repeated. */
function spans(notes: readonly DetourNote[], begins: DetourAct, ends: DetourAct): DetourSpan[] {
  const found: DetourSpan[] = []
  let from: string | null = null
  for (const { at, act } of notes) {
    if (act === begins) from ??= at
    if (act !== ends || from === null) continue
    found.push({ from, to: at })
    from = null
  }
  return from === null ? found : [...found, { from, to: null }]
}

const spansInWords = (all: readonly DetourSpan[], now: string): string =>
  all
    .map(({ from, to }) =>
      to === null
        ? `since ${moment(from)} (${duration(between(from, now))} so far)`
        : `${moment(from)} to ${moment(to)} (${duration(between(from, to))})`,
    )
    .join('<br>')

/** The rows by table where they are counted, else the reason why they are not. */
function lostInWords(notes: readonly DetourNote[], act: DetourAct): string {
  const byTable = evidenceOf(notes, act, 'lost-by-table')
  const why = textOf(notes, act, 'lost-why')
  const lost = evidenceOf(notes, act, 'lost')
  return `${lost}${byTable === '' ? '' : `: ${byTable}`}${why === '' ? '' : `: ${why}`}`
}

const textOf = (notes: readonly DetourNote[], act: DetourAct, name: string): string =>
  text(notes.findLast((note) => note.act === act)?.evidence[name] ?? '')

function evidenceOf(notes: readonly DetourNote[], act: DetourAct, name: string): string {
  const value = notes.findLast((note) => note.act === act)?.evidence[name]
  return value === undefined ? '' : code(value)
}

function momentOf(notes: readonly DetourNote[], act: DetourAct): string {
  const at = notes.findLast((note) => note.act === act)?.at
  return at === undefined ? '' : moment(at)
}
