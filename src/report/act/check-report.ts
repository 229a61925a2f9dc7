import type { CheckFinding } from '../../domain/check/finding.ts'
import { blocks, code, counted, link, plain, table, text } from '../text/markdown.ts'

/** A finding with its place in a file, and the environments that it holds in: none for the whole file. */
export interface PlacedFinding extends Omit<CheckFinding, 'place'> {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly environments: readonly string[]
}

/** The findings about a config, the environments that it has, and the path that it was read from. */
export interface ConfigChecked {
  readonly path: string
  readonly environments: readonly string[]
  readonly findings: readonly PlacedFinding[]
}

/** A line of a report, and how much it matters. */
export interface CheckLine {
  readonly tone: 'heading' | 'problem' | 'warning' | 'plain'
  readonly text: string
}

/** Returns every finding with its place and its next action, under the environments that it holds in, and their count. */
export function checkLines({ path, environments, findings }: ConfigChecked): CheckLine[] {
  const groups = Map.groupBy(findings, (finding) => finding.environments.join(', '))
  const silent = environments.filter((name) => !findings.some((one) => one.environments.includes(name)))
  return [
    ...[...groups].flatMap(([where, found]) => [
      heading(where === '' ? path : where),
      ...found.flatMap(linesOf),
    ]),
    ...silent.flatMap((name): CheckLine[] => [heading(name), { tone: 'plain', text: '  nothing found' }]),
    { tone: 'plain', text: `${path}: ${countOf(findings)}` },
  ]
}

const heading = (where: string): CheckLine => ({ tone: 'heading', text: plain(where) })

function linesOf(finding: PlacedFinding): CheckLine[] {
  const { weight, next } = finding
  const first: CheckLine = {
    tone: weight,
    text: `  ${placeOf(finding)}  ${kindOf(finding)}: ${plain(finding.what)}`,
  }
  return next === '' ? [first] : [first, { tone: 'plain', text: `    ${plain(next)}` }]
}

const placeOf = ({ path, line, column }: PlacedFinding): string => `${plain(path)}:${line}:${column}`

const kindOf = ({ weight, code }: PlacedFinding): string => code ?? weight

const countOf = (findings: readonly PlacedFinding[]): string => {
  const problems = findings.filter(({ weight }) => weight === 'problem').length
  return `${counted(problems, 'problem')}, ${counted(findings.length - problems, 'warning')}`
}

/** Returns the findings as a page. `file`: the address of a line, where there is one. */
export function checkSummary(
  { path, findings }: ConfigChecked,
  file: (path: string, line: number) => string,
): string {
  const problems = findings.some(({ weight }) => weight === 'problem')
  const title = findings.length === 0 ? '✅ Nothing found' : `${problems ? '❌' : '⚠️'} ${countOf(findings)}`
  const rows = findings.map((finding) => [
    link(code(`${finding.path}:${finding.line}`), file(finding.path, finding.line)),
    finding.environments.map(text).join(', '),
    `${text(finding.what)} ${text(finding.next)}`.trim(),
  ])
  return `${blocks(`## ${title}: ${code(path)}`, rows.length === 0 ? null : table(['place', 'environment', 'finding'], rows))}\n`
}

/** Returns a finding on one line, for an annotation that stands at its place. */
export const findingText = ({ what, next }: PlacedFinding): string => plain(`${what} ${next}`)

/** Returns the result of a check as JSON. The code is that of the first problem; empty without one. */
export function checkResult({ path, environments, findings }: ConfigChecked) {
  const problems = findings.filter(({ weight }) => weight === 'problem')
  return {
    schema: 1,
    command: 'check',
    outcome: 'checked',
    'reason-code':
      problems.find(({ code }) => code !== null)?.code ?? (problems.length > 0 ? 'config-invalid' : ''),
    config: path,
    environments,
    problems: problems.length,
    warnings: findings.length - problems.length,
    findings,
  }
}
