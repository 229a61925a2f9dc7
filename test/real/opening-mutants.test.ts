import { describe, expect, test, vi } from 'vitest'
import { type Ending, endings } from '../endings/endings.ts'
import { faultsAside, ofVisitors } from './bed/aside-well.ts'
import { aStoryOf, type EndingStory } from './bed/ending-story.ts'
import { type Edit, mutantOf } from './bed/mutant.ts'
import { missingParts } from './bed/parts.ts'
import { resultOf } from './bed/rolling.ts'

vi.setConfig({ testTimeout: 240_000 })

/** Rollgate broken on purpose, with beds of their own, two minutes: ROLLGATE_CLOSING=mutants, or all. */
const asked = ['mutants', 'all'].includes(process.env.ROLLGATE_CLOSING ?? '')
const missing = missingParts('initdb', 'flock', 'haproxy') !== null
if (!asked) console.log('mutants of a detour: left out; ROLLGATE_CLOSING=mutants takes them')

interface Mutant {
  readonly title: string
  readonly edits: readonly Edit[]
  /** A part of the failure that stops the opening, or of what the world shows once it is open. */
  readonly shows: RegExp
}

/** The statement that has a standby follow nothing more, once for each of three settings. */
const cutting = /ALTER SYSTEM SET \$\{(\w+)\} = ''/
/** A setting without an effect here, by which the looks below tell the time after it. */
const marking = 'ALTER SYSTEM SET log_min_duration_sample = 7'
/** The mark in place of two of the settings, and a pause in place of the third. */
const pausing = `$\${$1 === 'primary_conninfo' ? 'SELECT pg_wal_replay_pause()' : '${marking}'}`
const marked = "current_setting('log_min_duration_sample') = '7ms'"
/** From the mark on the looks at a stand-in take one that follows for one that is cut. */
const blindToReceiver: readonly Edit[] = [
  [
    /(\(SELECT count\(\*\) FROM pg_stat_wal_receiver\)) AS receivers/,
    `CASE WHEN ${marked} THEN 0 ELSE $1 END AS receivers`,
  ],
  [
    /(current_setting\('primary_conninfo'\) \|\| current_setting\('primary_slot_name'\) \|\| current_setting\('restore_command'\)) AS named/,
    `CASE WHEN ${marked} THEN '' ELSE $1 END AS named`,
  ],
]
/** Home gives up the slot of a stand-in that still reads from it. */
const slotLeft: Edit = [/for\(let \w+=0;await \w+\(\w+,\w+\);\w+\+=1\)\{if\(\w+>100\)/, 'for(;false;){if(1)']
const moveFile: Edit = [/mv "\$new" "\$ROLLGATE_MAP"\ncat "\$ROLLGATE_MAP"/, 'cat "$$new"']
const orderOfDeeds: Edit = [
  /(\w+)\((\w+)\((\w+),`level`,`fenced`\)\?`cut`:`level`\)/,
  '$1($2($3,`level`,`fenced`)?$2($3,`hardened`,`fenced`)?`cut`:`hardened`:`level`)',
]
const onlyOnceCut: Edit = [
  /if\(\w+\.cut===void 0\)throw new \w+\(`detour-cut`,`The stand-in still follows home, and would be shut together with it\.`\);/,
  '',
]

const mutants: readonly Mutant[] = [
  { title: 'leaves the cut out', edits: [[cutting, 'SELECT 1']], shows: /still follows home after 15 s/ },
  {
    title: 'leaves the cut out, and does not look',
    edits: [[cutting, marking], ...blindToReceiver, slotLeft],
    shows: /and is at [^ ]+: it has been written to/,
  },
  {
    title: 'pauses the replay instead',
    edits: [[cutting, 'SELECT pg_wal_replay_pause()']],
    shows: /still follows home after 15 s/,
  },
  {
    title: 'pauses the replay instead, and does not look',
    edits: [[cutting, pausing], ...blindToReceiver, slotLeft],
    shows: /the stand-in has the migration after a restart/,
  },
  {
    title: 'writes the map in memory alone',
    edits: [moveFile],
    shows: /Writes are shut in memory and open in the file of the map/,
  },
  {
    title: 'writes the map in memory alone, and does not look',
    edits: [
      moveFile,
      [/(=>\w+\(await \w+\(\w+,`)cat "\$ROLLGATE_MAP"`/, '$1cat "$$(ls -t "$$ROLLGATE_MAP"* | head -n 1)"`'],
    ],
    shows: /visitors are not on the stand-in after a reload/,
  },
  { title: 'hardens before the cut', edits: [orderOfDeeds], shows: /would be shut together with it/ },
  {
    title: 'hardens before the cut, and does not look',
    edits: [orderOfDeeds, onlyOnceCut],
    shows: /a read failed/,
  },
]

const completing = endings.find(({ title }) => title === 'complete') as Ending

/** Has a bundle open a detour. Returns what is wrong, each a sentence: a failure of the run, or what the world shows. */
async function wrongWith(entry?: string): Promise<string[]> {
  const story: EndingStory = await aStoryOf(completing, entry === undefined ? {} : { entry })
  const started = await story.start('v2', { command: 'deploy', release: 'v2', detour: 'true' })
  const main = await started.ended
  await started.post(main)
  const { pause } = resultOf({ main })
  return pause?.gate === 'inspect' ? faultsAside(story) : [main.log.join('\n'), ...ofVisitors(story)]
}

describe.skipIf(missing || !asked)('an opening of a detour', () => {
  test('as it ships has nothing wrong with it, over a reload and a restart SD-10 SD-12', async () => {
    expect(await wrongWith()).toEqual([])
  })

  test.each(mutants)('that $title is found out SD-10 SD-12', async ({ edits, shows }) => {
    const wrong = await wrongWith(mutantOf(edits))
    expect(wrong.join('\n')).toMatch(shows)
  })
})
