import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'rolldown/utils'
import { expect, test } from 'vitest'

/** A function with its lines: those of the whole, and its own, without those of the functions in it. */
interface Measured {
  readonly place: string
  readonly own: number
  readonly whole: number
}

/** The most lines of its own that a function has, and the most with the functions in it. */
const mostOwn = 65
const mostWhole = 120

/** The longer functions with the most lines that each may have, and the reason. Their number and lengths may only fall. */
const longer: Readonly<Record<string, readonly [number, string]>> = {
  'domain/config/runner-commands.ts stepCommands': [69, 'a row for each kind of step'],
  'domain/journal/standing.ts advance': [109, 'a row for each kind of event'],
  'domain/plan/warnings.ts warnings': [69, 'a row for each warning, in their order on the page'],
  'report/plan/application-states.ts after': [85, 'a row for each kind of step'],
  'report/plan/steps-in-words.ts commandsOf': [73, 'a row for each kind of step'],
  'report/plan/steps-in-words.ts particulars': [102, 'a row for each kind of step'],
  'workflows/reusable/clocks.ts dispatchWorkflow': [77, 'the text of one workflow'],
  'workflows/reusable/decide.ts decideWorkflow': [102, 'the text of one workflow'],
  'workflows/reusable/reconcile.ts reconcileWorkflow': [104, 'the text of one workflow'],
  'workflows/reusable/release.ts releaseWorkflow': [106, 'the text of one workflow'],
}

const nodes = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'] as const

interface Span {
  readonly name: string
  readonly from: number
  readonly to: number
}

const lineOf = (source: string, offset: number): number => source.slice(0, offset).split('\n').length

/** Returns the functions of a source with their first and last lines. */
function spansOf(file: string, source: string): Span[] {
  const spans: Span[] = []
  const add = (node: { start: number; end: number; id?: { name: string } | null }): void => {
    const [from, to] = [lineOf(source, node.start), lineOf(source, node.end)]
    if (to > from) spans.push({ name: node.id?.name ?? `line ${from}`, from, to })
  }
  new Visitor(Object.fromEntries(nodes.map((node) => [node, add]))).visit(parseSync(file, source).program)
  return spans
}

function measured(file: string, source: string): Measured[] {
  const spans = spansOf(file, source)
  return spans.map((span) => {
    const within = spans.filter((one) => one !== span && one.from >= span.from && one.to <= span.to)
    const inner = new Set(
      within.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at)),
    )
    const whole = span.to - span.from + 1
    return { place: `${file} ${span.name}`, own: whole - inner.size, whole }
  })
}

const functions = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox/'))
  .flatMap((file) => measured(file, readFileSync(join('src', file), 'utf8')))

test(`a function has at most ${mostOwn} lines of its own, unless it is a list with a reason`, () => {
  const found = functions.filter(({ own }) => own > mostOwn)
  expect(found.map(({ place }) => place).sort()).toEqual(Object.keys(longer).sort())
  expect(found.filter(({ place, own }) => own > (longer[place]?.[0] ?? 0))).toEqual([])
})

test(`a function has at most ${mostWhole} lines with those of the functions in it`, () => {
  expect(functions.filter(({ whole }) => whole > mostWhole)).toEqual([])
})

test('the lines of a function within another are not counted twice', () => {
  const source =
    'function outer() {\n  const a = 1\n  const inner = () => {\n    return a\n  }\n  return inner\n}\n'
  expect(measured('a.ts', source)).toEqual([
    { place: 'a.ts outer', own: 4, whole: 7 },
    { place: 'a.ts line 3', own: 3, whole: 3 },
  ])
})
