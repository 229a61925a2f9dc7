import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DetourRecipe } from '../src/domain/config/detour-recipe.ts'
import type { EngineRecipe } from '../src/domain/config/engine-recipe.ts'
import type { Fleet } from '../src/domain/config/fleet.ts'
import { sides } from '../src/domain/detour/side.ts'
import { allModes } from '../src/domain/plan/modes.ts'
import type { Pause } from '../src/domain/question/pause.ts'
import type { LeaseKind } from '../src/domain/step/step-traits.ts'
import { allStepKinds } from '../src/domain/step/traits.ts'

/** A union whose every kind has a row in a table, and the places that compare a kind outside of it. */
interface Union {
  readonly values: readonly string[]
  /** The names by which a value is compared; its rooms, which are the table of a union without rows, are passed over. */
  readonly names: string
  readonly rooms?: readonly string[]
  /** Each file with the number of its comparisons, and the reason. */
  readonly standing: Readonly<Record<string, readonly [number, string]>>
}

/** The compiler holds that a list has every kind of its union, and no other. */
const every = <Kind extends string>(kinds: Readonly<Record<Kind, true>>): string[] => Object.keys(kinds)

/**
 * The comparisons that stand outside a table. The compiler finds none of them when a kind is added, so their number may
 * only fall.
 */
const unions: Readonly<Record<string, Union>> = {
  mode: {
    values: allModes,
    names: 'mode',
    standing: {
      'pipeline/act/reconcile.ts': [1, 'a convergence whose plan is anything but a redeployment is refused'],
    },
  },
  'kind of a step': {
    values: allStepKinds,
    names: 'kind',
    standing: {
      'domain/step/step.ts': [1, 'the one guard by which a step is narrowed to a roll'],
      'domain/plan/written/plan.ts': [3, '0.1.0 left out fields of a roll, and wrote a reset as a migration'],
    },
  },
  'kind of a fleet': {
    values: every<Fleet['kind']>({ local: true, ssh: true, pull: true }),
    names: 'fleet\\.kind|where\\.kind',
    standing: {
      'domain/config/fleet.ts': [
        2,
        'the guards by which a fleet is narrowed to hosts over ssh, or that pull',
      ],
      'domain/config/runner-commands.ts': [1, 'a local fleet has no command but its own'],
      'domain/plan/checkout-need.ts': [1, 'a local fleet runs everything in the checkout'],
      'init/config/fleet.ts': [1, 'only hosts over ssh have a login'],
      'init/config/parts.ts': [1, 'only hosts over ssh have a name of their own'],
      'init/draft.ts': [1, 'only hosts over ssh are sent a package'],
    },
  },
  'kind of an engine': {
    values: every<Exclude<EngineRecipe['kind'], 'command'>>({ kubernetes: true, swarm: true, ecs: true }),
    names: 'kind',
    standing: {},
  },
  'kind of a question': {
    // A halt is an ask as well, and a bake a step.
    values: every<Exclude<Pause['kind'], 'halt' | 'bake'>>({
      approval: true,
      'failed-step': true,
      'failed-instances': true,
      'no-capacity': true,
      inspection: true,
      'revert-inspection': true,
      verdict: true,
      wait: true,
    }),
    names: 'kind',
    standing: {
      'domain/notify/notice.ts': [1, 'a notice says that an approval is none of the other decisions'],
      'domain/question/consequence.ts': [1, 'complete sends visitors to the older release on the way back'],
      'domain/question/written-pause.ts': [1, 'an inspection on the way back is written as one with a mark'],
      'domain/release/compatibility.ts': [1, 'only a question about instances asks about an instance check'],
      'pipeline/run/record-words.ts': [1, 'an inspection has no failure whose words a record could have'],
      'report/question/inspection-in-words.ts': [2, 'the two kinds that it is about'],
    },
  },
  'kind of a detour': {
    values: every<DetourRecipe['kind']>({ aside: true, over: true }),
    names: 'detour\\??\\.kind',
    rooms: ['domain/detour/'],
    standing: {},
  },
  'kind of a lease': {
    values: every<LeaseKind>({ scheduler: true, maintenance: true }),
    names: 'kind|lease',
    standing: {
      'domain/config/draining.ts': [1, 'only running jobs are drained'],
      'domain/ledger/written/lease.ts': [1, '0.1.0 knew the lease of the scheduler alone'],
    },
  },
  'side of a detour': {
    values: sides,
    names: 'side|visitors|sideOf\\(.*\\)',
    rooms: ['domain/detour/', 'adapters/detour/', 'pipeline/detour/'],
    standing: {
      'domain/journal/next.ts': [1, 'home is not taken back in batches while no visitor is there'],
    },
  },
}

/** Matches a comparison of one of these names with one of these values, either way round. */
function comparing({ names, values }: Union): RegExp {
  const value = `'(?:${values.join('|')})'`
  return new RegExp(`\\b(?:${names})\\)? *[!=]== *${value}|${value} *[!=]== *[\\w.?]*\\b(?:${names})\\b`, 'g')
}

/** The reader of the inputs asks for the word in the input `mode`, which is no mode of a deployment yet. */
const reading = 'inputs/read-deployment.ts'

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.startsWith('sandbox/') && file !== reading,
)

const found = (pattern: RegExp, passedOver: readonly string[] = []): Record<string, number> =>
  Object.fromEntries(
    files
      .filter((file) => !passedOver.some((room) => file.startsWith(room)))
      .map((file) => [file, [...readFileSync(join('src', file), 'utf8').matchAll(pattern)].length] as const)
      .filter(([, many]) => many > 0),
  )

test.each(Object.entries(unions))(
  'a %s is compared in its table, and elsewhere only for a reason',
  (_, union) => {
    expect(found(comparing(union), union.rooms)).toEqual(
      Object.fromEntries(Object.entries(union.standing).map(([file, [many]]) => [file, many])),
    )
  },
)

test('a mode is no case of a switch: its table has a row for it', () => {
  expect(found(/switch \([\w.?]*\bmode\)/g)).toEqual({})
})
