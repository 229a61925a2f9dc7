import type { EnvironmentChecked } from '../../domain/plan/check.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import { counted, plain } from '../text/markdown.ts'

/** A line of a report, and how much it matters. */
export interface CheckLine {
  readonly tone: 'heading' | 'problem' | 'warning' | 'plain'
  readonly text: string
}

/** Returns the findings about every environment, each problem with its next action, and the count of both at the end. */
export function checkLines(path: string, checked: readonly EnvironmentChecked[]): CheckLine[] {
  const problems = checked.flatMap((one) => one.problems)
  const warnings = checked.flatMap((one) => one.warnings)
  return [
    ...checked.flatMap(linesOf),
    {
      tone: 'plain',
      text: `${path}: ${counted(problems.length, 'problem')}, ${counted(warnings.length, 'warning')}`,
    },
  ]
}

function linesOf({ environment, problems, warnings }: EnvironmentChecked): CheckLine[] {
  const nothing: readonly CheckLine[] =
    problems.length + warnings.length === 0 ? [{ tone: 'plain', text: '  nothing found' }] : []
  return [
    { tone: 'heading', text: plain(environment) },
    ...problems.flatMap(problemLines),
    ...warnings.map((text): CheckLine => ({ tone: 'warning', text: `  warning: ${plain(text)}` })),
    ...nothing,
  ]
}

const problemLines = ({ code, what, next }: ProblemWords): CheckLine[] => [
  { tone: 'problem', text: `  ${code}: ${plain(what)}` },
  { tone: 'plain', text: `    ${plain(next)}` },
]
