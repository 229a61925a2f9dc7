import type { Command } from '../../domain/config/command.ts'
import { onEngines, onFleets } from '../../domain/config/declared-service.ts'
import { detourCommandsOf, discardCommandsOf, sidesCommandsOf } from '../../domain/config/detour-commands.ts'
import type { DoorRecipe, StepAside } from '../../domain/config/detour-recipe.ts'
import { engineCommands } from '../../domain/config/runner-commands.ts'
import { otherSide } from '../../domain/detour/side.ts'
import { duration } from '../../domain/durations.ts'
import { onStandIn } from '../../domain/engine/manifests.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { CopyOverStep, DetourStep, MoveOverStep, OwnMove, StepOf } from '../../domain/step/step.ts'
import { suspendStep } from '../../domain/step/steps-in.ts'
import { code, counted, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import { manifestsInWords } from './hand-over-in-words.ts'

/** Describes a part of stepping aside, as Markdown. */
export function detourInWords(plan: Plan, { kind, detour, named }: DetourStep): string[] {
  const { from, release, manifests } = plan
  const words: { readonly [Kind in DetourStep['kind']]: readonly string[] } = {
    'open-detour': [
      `${text(from?.tag ?? '')} serves from ${standIn(detour)}`,
      ...onEngines(detour.services).flatMap(({ name }) => manifestsInWords(manifests, onStandIn(name))),
      modeInWords[detour.mode],
      jobsInWords(plan),
      revertInWords[detour.revertBy],
      `reported loudly after ${duration(detour.lasts)}; nothing ends it unasked`,
    ],
    'join-detour': [
      `${text(from?.tag ?? '')} serves from the stand-in already; no second copy is made`,
      modeInWords[detour.mode],
      jobsInWords(plan),
      ...(named?.database === 'restored' ? [broughtBack] : []),
    ],
    inspect: [...detour.links.map(code), ...tested(detour), 'the run ends here, and a person answers'],
    'close-detour':
      named !== undefined && named.left !== 'away'
        ? leftInWords[named.left]
        : [
            `every instance of ${text(release.tag)} is warm, and no fewer than serve on the stand-in`,
            provedInWords[detour.mode],
            'the stand-in is removed once',
          ],
  }
  return [...words[kind]]
}

const broughtBack = 'what runs at home is stopped, and its database is brought back to where visitors left it'

const leftInWords = {
  untouched: ['home was never changed: what the opening began is taken back', 'the stand-in is removed once'],
  returned: ['visitors are home already, and it stays as it is', 'the stand-in is removed once'],
} as const

const standIn = ({ services }: StepAside): string => {
  const instances = onFleets(services).reduce((sum, { fleet }) => sum + fleet.instances.length, 0)
  const places = [
    ...(instances === 0 ? [] : [`${counted(instances, 'instance')} of the stand-in`]),
    ...onEngines(services).map(({ name }) => `a second ${code(name)} on its engine, at the scale of home`),
  ]
  return `${places.join(' and ')}, on a copy of the database`
}

const revertInWords: { readonly [By in StepAside['revertBy']]: string } = {
  promote:
    'revert: the stand-in’s database takes home’s place, at **its own address**; the failed home is kept',
  'copy-back': 'revert: its data is copied back to home, whose address stays; the failed home is kept',
}

const modeInWords: { readonly [Mode in StepAside['mode']]: string } = {
  'read-only': 'read-only: the engine of the database refuses writes, and visitors are told to come again',
  'read-write': 'read-write: **what is written meanwhile is lost** when visitors return',
}

/** Jobs write at home past the front door: the approver sees which of them are kept from it. */
const jobsInWords = ({ steps }: Plan): string =>
  suspendStep(steps) === null
    ? '**no scheduler is suspended**, because the config has none: what writes at home by itself is refused there'
    : 'the scheduler stays suspended until visitors are home again'

const provedInWords: { readonly [Mode in StepAside['mode']]: string } = {
  'read-only': 'the stand-in must still be where it was cut off: nothing is lost',
  'read-write': 'the writes on the stand-in are counted',
}

/** Describes a step between two sides, as Markdown. */
export const sidesInWords = (plan: Plan, step: CopyOverStep | MoveOverStep): string[] =>
  'copies' in step ? copyOverInWords(plan, step) : moveOverInWords(plan, step)

const copyOverInWords = ({ from, steps }: Plan, { to, copies }: CopyOverStep): string[] => [
  `the database on ${to} of an earlier release is discarded, and that of ${otherSide(to)} copied there`,
  `**writers wait** at ${otherSide(to)} from the copy until visitors move; ${text(from?.tag ?? '')} answers readers`,
  suspendStep(steps) === null
    ? '**no scheduler is suspended**, because the config has none: what writes by itself waits, too'
    : 'the scheduler stays suspended until visitors have moved',
  'a failure before they move takes everything back unasked',
  copies.acceptDataLoss
    ? 'going back later: **what was written since is lost**, counted by table, and the config accepts that'
    : 'going back later: refused once something was written, unless the loss is accepted; it is counted first',
]

const moveOverInWords = ({ from }: Plan, { moving, to, own }: MoveOverStep): string[] => [
  ...moving.links[to].map(code),
  ...(moving.smokeTest === null ? [] : tested({ smokeTest: moving.smokeTest[to] })),
  switchInWords(moving.door),
  ...(own === undefined ? [] : [ownMoveInWords(own)]),
  ...(from === null ? [] : [`${text(from.tag)} stays up on ${otherSide(to)}: going back is one switch`]),
]

const ownMoveInWords = ({ back, accepts }: OwnMove): string =>
  back
    ? `its database is as visitors left it: what was written since is counted, ${accepts ? '**and lost**' : 'and nothing happens where that is more than nothing'}`
    : 'what waits on the side that they leave is turned away, once they have moved'

function switchInWords(door: DoorRecipe): string {
  switch (door.kind) {
    case 'haproxy':
    case 'command':
      return 'every frontend at once, seen by the marker of its answers'
    case 'kubernetes':
      return `one patch of the selector of the Service ${code(door.service)}, seen in its endpoints${door.marker === null ? '' : ' and by a marker'}`
  }
}

const tested = ({ smokeTest }: Pick<StepAside, 'smokeTest'>): string[] =>
  smokeTest === null
    ? []
    : [
        `a smoke test before, ${counted(smokeTest.attempts, 'try', 'tries')}, ${duration(smokeTest.interval)} apart`,
      ]

/** Every command of a part by the name that the config gives it. Those of the databases stand with the opening alone. */
export function detourCommands(step: DetourStep): NamedCommand[] {
  const { named: end } = step
  const named = (name: string, command: Command | null) => (command === null ? [] : [{ name, command }])
  const own = byName(detourCommandsOf(step.kind, step.detour))
  const fleets = onFleets(step.detour.services).flatMap(({ name, fleet: { stop, install, start } }) => [
    ...named(`stand-in ${name} install`, install),
    ...named(`stand-in ${name} start`, start),
    ...named(`stand-in ${name} stop`, stop),
  ])
  const engines = onEngines(step.detour.services).flatMap((service) =>
    engineCommands(service).map(({ key, command }) => ({ name: `stand-in ${key}`, command })),
  )
  const standIn = [...fleets, ...engines]
  const commands: { readonly [Kind in DetourStep['kind']]: typeof own } = {
    'open-detour': [...own, ...standIn],
    'join-detour': end === undefined ? own : [...own, ...standIn],
    inspect: own,
    // A plan without the opening and the joining shows them here.
    'close-detour': end === undefined || end.left === 'away' ? [] : [...own, ...standIn],
  }
  return commands[step.kind]
}

/** Every command of a step between two sides by the name that the config gives it. */
export const sidesCommands = (step: CopyOverStep | MoveOverStep): NamedCommand[] =>
  byName(sidesCommandsOf(step))

/** Describes the removal of a failed home, as Markdown. */
export const discardInWords = ({ failed }: StepOf<'discard-failed-home'>): string[] => [
  `${code(failed.where)}, kept since ${moment(failed.since)} by deployment ${failed.deployment}`,
  'nothing is removed that serves, and it is seen to be gone afterwards',
]

/** Every command of the removal of a failed home by the name that the config gives it. */
export const discardCommands = ({ aside }: StepOf<'discard-failed-home'>): NamedCommand[] =>
  byName(discardCommandsOf(aside))

interface NamedCommand {
  readonly name: string
  readonly command: Command
}

const byName = (commands: readonly { readonly key: string; readonly command: Command }[]): NamedCommand[] =>
  commands.map(({ key, command }) => ({ name: key.replace('steps.', '').replaceAll('.', ' '), command }))
