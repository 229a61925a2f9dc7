import type { FigureEvidence, Ratio, Side } from '../../domain/judge/evidence.ts'
import { rollStep } from '../../domain/step/steps-in.ts'
import { blocks, code, table, text } from '../text/markdown.ts'
import type { View } from './view.ts'

/** Returns the figures of the last verdict on a step's test bed, as a table; null without figures. */
export function evidenceOf({ journal, plan }: Pick<View, 'journal' | 'plan'>, step: string): string | null {
  const judged = journal.findLast((event) => event.kind === 'bake-ended' && event.step === step)
  const evidence = judged?.kind === 'bake-ended' ? judged.verdict.evidence : []
  if (evidence.length === 0) return null
  const bed = rollStep(plan.steps, step)?.testBed ?? []
  return blocks(
    `### ${bed.map(code).join(', ')} against the others`,
    table(['figure', 'test bed', 'the others', 'ratio', 'nine times in ten', ''], evidence.map(row)),
  )
}

/** Returns the figures of every verdict on a test bed. */
export function allEvidence(view: Pick<View, 'journal' | 'plan'>): string | null {
  const shown = view.plan.steps.map(({ id }) => evidenceOf(view, id)).filter((one) => one !== null)
  return shown.length === 0 ? null : blocks(...shown)
}

function row({ name, found, decides, here, there, ratio }: FigureEvidence): string[] {
  const says = `${findings[found]}${decides ? '' : ', only watched'}`
  return [
    code(name),
    sideIn(here),
    sideIn(there),
    ratio === null ? '–' : `${ratio.best}`,
    interval(ratio),
    text(says),
  ]
}

const findings: Readonly<Record<FigureEvidence['found'], string>> = {
  worse: '❌ worse',
  'no-worse': '✅ no worse',
  open: '❔ not told',
  'not-compared': 'not compared',
}

const sideIn = ({ level, counted, readings }: Side): string => {
  if (level === null) return 'none'
  const of = counted === null ? `${readings} readings` : `${counted.count} of ${counted.of}`
  return `**${level}** (${of})`
}

const picture = { least: 0.5, most: 2, cells: 9 }

/** The interval as a line of cells from half as much to twice as much; the middle one is *equal*. */
function interval(ratio: Ratio | null): string {
  if (ratio === null) return '–'
  const at = (value: number): number => {
    const share = Math.log(value / picture.least) / Math.log(picture.most / picture.least)
    return Math.min(picture.cells - 1, Math.max(0, Math.round(share * (picture.cells - 1))))
  }
  const [low, best, high, equal] = [at(ratio.low), at(ratio.best), at(ratio.high), (picture.cells - 1) / 2]
  const cells = Array.from({ length: picture.cells }, (_, cell) =>
    cell === best ? '●' : cell >= low && cell <= high ? '━' : cell === equal ? '│' : '·',
  )
  return `${code(cells.join(''))} ${ratio.low} – ${ratio.high}`
}
