import { expect, test } from 'vitest'
import { standing } from '../../src/domain/journal/standing.ts'
import { createNarrator } from '../../src/entry/tell/narrator.ts'
import type { View } from '../../src/report/outcome/view.ts'
import { createFakeVoice } from '../fakes/fake-voice.ts'
import { command, failure, planOf, play, recipe, type Script } from '../report/scenario.ts'

const steps = { ...recipe.steps, build: { command: command('make image'), unless: null } }
const plan = planOf({ recipe: { ...recipe, steps } })

/** Returns the log of the job for a script. */
function told(script: Script): string[] {
  const { journal }: View = play(plan, script)
  const voice = createFakeVoice()
  const narrator = createNarrator(voice)
  for (let length = 1; length <= journal.length; length++) {
    const heard = journal.slice(0, length)
    narrator.heard(
      {
        number: 7,
        plan,
        journal: heard,
        holder: null,
        record: null,
        preDeploy: null,
        build: null,
        checkCompatibility: null,
      },
      standing(plan, heard),
    )
  }
  return voice.said.flatMap((said) => (said.kind === 'group-end' ? [] : [said.text]))
}

const inOrder = (lines: readonly string[], ...wanted: readonly RegExp[]) => {
  let from = 0
  for (const words of wanted) {
    const found = lines.findIndex((line, place) => place >= from && words.test(line))
    expect(found, `${words} after line ${from} of\n${lines.join('\n')}`).toBeGreaterThanOrEqual(from)
    from = found + 1
  }
}

test('the log says when the build begins and is done, what is deployed after it, and that it serves CC-30', () => {
  inOrder(
    told({}),
    /^Beginning deployment 7 of production\.$/,
    /^Step \d+ of \d+: source/,
    /^Step \d+ of \d+: build – build the artifact/,
    /^build done, /,
    /^Step \d+ of \d+: roll-services\/web/,
    /web-1: serves v1\.3\.0/,
    /^Step \d+ of \d+: record-version/,
    /^record-version done, /,
  )
})

test('the log reports a failed build, and no more steps begin CC-30', () => {
  const lines = told({ failures: { build: [failure('command-failed', 'make image ended with 2.')] } })
  inOrder(lines, /: build – /, /^build failed: make image ended with 2\./)
  expect(lines.at(-1)).toMatch(/^build failed/)
})

test('every warning of the plan is a warning of the log, whether a run begins or goes on CC-07 F36', () => {
  const warned = planOf({ relation: 'behind', acknowledged: { older: true, dataLoss: false } })
  const { journal }: View = play(warned, {})
  const [opened] = journal
  if (opened === undefined) throw new Error('it was opened')
  const resumed = { at: opened.at, kind: 'resumed', run: { id: 9, attempt: 1, url: '' }, by: [] } as const
  for (const heard of [[opened], [opened, resumed]]) {
    const voice = createFakeVoice()
    createNarrator(voice).heard(
      {
        number: 7,
        plan: warned,
        journal: heard,
        holder: null,
        record: null,
        preDeploy: null,
        build: null,
        checkCompatibility: null,
      },
      standing(warned, heard),
    )
    expect(voice.texts('warning')).toEqual(warned.warnings)
    expect(voice.texts('warning').join()).toContain('not recommended')
  }
})
