import { type Running, seenAs } from '../sketch.ts'
import type { Made, ScriptBody } from './body.ts'
import { engineRows } from './engine-script.ts'
import { guardFunction, guardsIn } from './guard.ts'
import { composeBody, containerBody } from './in-containers.ts'
import { filesBody, processBody, toolBody, unitsBody, unknownBody } from './on-machine.ts'
import type { ScriptRow, ScriptWord } from './words.ts'

/** The body of the script, by how an instance runs. */
const bodies: {
  readonly [Kind in InstanceKind]: (made: Made<Extract<Running, { kind: Kind }>>) => ScriptBody
} = {
  process: processBody,
  container: containerBody,
  compose: composeBody,
  units: unitsBody,
  files: filesBody,
  tool: toolBody,
  unknown: unknownBody,
}

type InstanceKind = Exclude<Running['kind'], 'engine'>

function bodyOf(made: Made, kind: InstanceKind): ScriptBody {
  const body = bodies[kind] as (made: Made) => ScriptBody
  return body(made)
}

/** A script: its text, and the words that it takes. */
export interface InstanceScript {
  readonly text: string
  readonly words: ReadonlySet<ScriptWord>
}

/** Packs the files of the commit for hosts that have no checkout. */
const pack = [
  'mkdir -p build',
  'git -C "$ROLLGATE_CHECKOUT" archive --format=tar.gz --output="$PWD/build/rollgate.tar.gz" HEAD',
]

/** The parts of a config that a script's words depend on. */
export interface ScriptUse {
  /** True if the instances are on hosts, which have no checkout and build for themselves. */
  readonly packs: boolean
  /** True if the config asks an address whether an instance is up. */
  readonly asksAddress: boolean
}

/** Returns the script of an app, with the words that the config calls. */
export function writeScript(made: Made, use: ScriptUse): InstanceScript {
  const { running } = made
  if (running.kind === 'engine') return scriptOf(made, [], engineRows({ ...made, running }))
  const body = bodyOf(made, running.kind)
  return scriptOf(made, body.before, instanceRows(made, body, use))
}

function instanceRows(
  { sketch: { migrate, scheduler } }: Made,
  body: ScriptBody,
  { packs, asksAddress }: ScriptUse,
): readonly ScriptRow[] {
  return [
    ['pack', packs ? pack : null, 'the files of this commit, for hosts that have no checkout'],
    [
      'build',
      packs || body.build.length === 0 ? null : body.build,
      'before anything changes: what the release needs to start',
    ],
    ['built', packs ? null : body.built, 'exits with 0 if that is there already'],
    ['suspend', scheduler === null ? null : body.inRelease(scheduler.suspend), 'no new job starts'],
    ['migrate', migrate === null ? null : body.inRelease(migrate), 'the database, for this release'],
    ['resume', scheduler === null ? null : body.inRelease(scheduler.resume), 'jobs start again'],
    ['stop', body.stop, 'ends the running release; does nothing where none runs'],
    ['install', body.install, 'brings the release to the instance'],
    ['start', body.start, 'starts the installed release, and returns'],
    ['version', body.version, 'the commit that really runs'],
    ['healthy', asksAddress ? null : body.healthy, 'exits with 0 if it is up'],
  ]
}

function scriptOf(made: Made, before: readonly string[], rows: readonly ScriptRow[]): InstanceScript {
  const there = rows.flatMap(([word, lines, does]) => (lines === null ? [] : [{ word, lines, does }]))
  const cases = there.flatMap(({ word, lines, does }) => [
    `  ${word}) # ${does}`,
    ...lines.map((line) => `    ${line}`),
    '    ;;',
  ])
  const words = there.map(({ word }) => word)
  const guarded = guardsIn(cases.join('\n')).length > 0
  const changes = made.running.kind === 'engine' ? 'Builds' : 'Changes one instance of'
  const lines = [
    '#!/usr/bin/env bash',
    `# ${changes} ${made.app} (${seenAs(made.sketch)}).`,
    '# .github/rollgate.yml calls this with one word. It knows nothing but what variables say: ROLLGATE_… are from',
    '# Rollgate, PORT and the like from the config, everything secret from the secret ROLLGATE_ENV.',
    'set -euo pipefail',
    '',
    ...(guarded ? [...guardFunction, ''] : []),
    ...before,
    ...(before.length === 0 ? [] : ['']),
    `case "\${1:-}" in`,
    ...cases,
    `  *) echo "$0: ${listed(words)}, not \${1:-nothing}" >&2; exit 2 ;;`,
    'esac',
  ]
  return { text: `${lines.join('\n')}\n`, words: new Set(words) }
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
