import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** A further kind, and the files that must answer for it: its rows, and its renderers. */
interface Addition {
  /** The name of the kind, as the compiler quotes it. */
  readonly kind: string
  readonly file: string
  /** The first variant of the union, and the union with one more before it. */
  readonly before: string
  readonly after: string
  readonly answers: readonly string[]
}

const additions: readonly Addition[] = [
  {
    kind: 'a-new-mode',
    file: 'src/domain/plan/undertaking.ts',
    before: 'export type Undertaking =\n',
    after: "export type Undertaking =\n  | { readonly mode: 'a-new-mode' }\n",
    answers: [
      'src/domain/plan/modes.ts',
      'src/inputs/idle.ts',
      'src/report/form/undertaking-fields.ts',
      'src/report/plan/mode-words.ts',
    ],
  },
  {
    kind: 'a-new-step',
    file: 'src/domain/step/step.ts',
    before: 'export type Step =\n',
    after: "export type Step =\n  | { readonly kind: 'a-new-step'; readonly id: string }\n",
    answers: [
      'src/domain/config/runner-commands.ts',
      'src/domain/step/destruction.ts',
      'src/domain/step/traits.ts',
      'src/pipeline/run/step.ts',
      'src/report/plan/application-states.ts',
      'src/report/plan/steps-in-words.ts',
    ],
  },
]

const folder = mkdtempSync(join(tmpdir(), 'rollgate-kinds-'))
let errors: readonly string[] = []

/** All kinds are added to one copy, so that the compiler runs once. */
beforeAll(() => {
  cpSync('src', join(folder, 'src'), { recursive: true })
  for (const file of ['package.json', 'tsconfig.json']) cpSync(file, join(folder, file))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  for (const { file, before, after } of additions) {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    expect(text.split(before)).toHaveLength(2)
    writeFileSync(path, text.replace(before, after))
  }
  const tsc = resolve('node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false'], { cwd: folder })
  errors = stdout
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('src/'))
})

afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (error: string): string => error.split('(')[0] ?? ''
const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort()

test.each(additions)(
  '$kind must be answered for in its rows, and the compiler names them',
  ({ kind, answers }) => {
    expect(distinct(errors.filter((error) => new RegExp(`['"]${kind}['"]`).test(error)).map(fileOf))).toEqual(
      [...answers].sort(),
    )
  },
)

test('one more kind of each needs no other change: no search is needed beside the compiler', () => {
  const answered = new Set(additions.flatMap(({ answers }) => answers))
  expect(errors.filter((error) => !answered.has(fileOf(error)))).toEqual([])
})
