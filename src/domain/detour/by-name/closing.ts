import { migrationsKept } from '../../backup/restored.ts'
import { standing } from '../../journal/standing.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { OpenDetour } from '../../ledger/open-detour.ts'
import { closesNamed, type Undertaking } from '../../plan/undertaking.ts'
import type { World } from '../../plan/wish.ts'
import type { ProblemWords } from '../../problem.ts'
import { detourOf } from '../asked.ts'
import { describeDetour } from '../words.ts'
import { homeInWords } from './home-in-words.ts'
import { namedEnd } from './left-behind.ts'

type ClosingWorld = Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>

/** Returns the reasons why a detour may not be closed by this name, or in this way. */
export function closingRefusals(undertaking: Undertaking, world: ClosingWorld): ProblemWords[] {
  const { ledger } = world
  const { detour, deployment } = ledger
  const name = closesNamed(undertaking)
  if (name === null || world.recipe.steps.detour == null) return []
  if (detour === null || detour.id !== name) return [notThat(name, ledger)]
  if (deployment !== null) return [waiting(detour, deployment)]
  if (detourOf(undertaking, world) === null) return [without(detour, world)]
  return acrossContract(undertaking, detour, world)
}

/** Returns what the approver of a closing must know: each service at home, and what is lost. */
export function closingWarnings(
  undertaking: Undertaking,
  { recipe, ledger, release }: ClosingWorld,
): string[] {
  const end = namedEnd(undertaking, ledger)
  const { detour } = ledger
  if (end === null || detour === null) return []
  return [
    `${capital(describeDetour(detour))}. ${homeInWords(recipe, ledger, detour)}`,
    ...(end.database === 'restored'
      ? ['The database of home is brought back to where visitors left it: what was migrated since is lost.']
      : []),
    ...(end.left === 'returned'
      ? [
          `Visitors are home already: only the stand-in goes. Home keeps what its last deployment brought there, which may not be ${release.tag}: deploy next what is to serve.`,
        ]
      : []),
    ...(detour.mode === 'read-write' && end.left === 'away'
      ? ['The data that visitors wrote on the stand-in are counted, and lost.']
      : []),
  ]
}

/** Home keeps the schema, and gets a release that does not work on it. */
function acrossContract(
  undertaking: Undertaking,
  { id, deployment }: OpenDetour,
  { ledger, release }: ClosingWorld,
): ProblemWords[] {
  const end = namedEnd(undertaking, ledger)
  if (end?.left !== 'away' || end.database === 'restored' || end.acknowledged) return []
  const across = migrationsKept(ledger.history).filter(
    ({ number, migrated }) => number >= deployment && migrated === 'contract',
  )
  if (across.length === 0) return []
  return [
    {
      code: 'detour-refused',
      what: `Closing ${id} in code alone leaves the contract migration of deployment ${across.map(({ number }) => number).join(', ')} at home, and ${release.tag} does not work on it.`,
      why: 'Visitors would come home to a release that the schema no longer suits.',
      next: 'Choose the option as=revert, which brings the database back to where visitors left it; or acknowledge data-loss, if the migration did not happen or does no harm. Nothing was changed.',
    },
  ]
}

const notThat = (name: string, { detour, environment }: Ledger): ProblemWords => ({
  code: 'detour-unknown',
  what:
    name === ''
      ? `Closing a detour of ${environment} needs its name.`
      : `${environment} has no open detour ${name}.`,
  why:
    detour === null
      ? 'No detour is open there: its visitors are home.'
      : `Another one is open: ${describeDetour(detour)}.`,
  next: `${detour === null ? 'There is nothing to close.' : `Give the option detour=${detour.id}.`} Nothing was changed.`,
})

function waiting(
  { id }: OpenDetour,
  { number, plan, journal }: NonNullable<Ledger['deployment']>,
): ProblemWords {
  const { pause } = standing(plan, journal)
  return {
    code: 'detour-open',
    what: `Deployment ${number} of ${plan.release.tag} is under way in ${id}, and its question ends it.`,
    why: 'A detour is closed by name where it is not continued.',
    next: `${pause === null ? 'Wait for its question' : `Answer question ${pause.id}`}: complete, revert and revert-code close it. Nothing was changed.`,
  }
}

const without = ({ id }: OpenDetour, { release, policy }: ClosingWorld): ProblemWords => ({
  code: 'detour-missing',
  what: `${id} cannot be closed by the config of ${release.tag}, which does not have its detour.`,
  why: `The commands of the stand-in come from the release that serves ${policy.name}.`,
  next: 'Deploy a release whose config has it: it goes on in the same detour. Nothing was changed.',
})

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
