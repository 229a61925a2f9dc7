import type { StepAside } from '../config/detour-recipe.ts'
import { modes } from '../plan/modes.ts'
import { asksForDetour, closesNamed, discardedIn, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'
import { chooseSteps } from '../step/standard-order.ts'
import { detourOf } from './asked.ts'
import { closingRefusals, closingWarnings } from './by-name/closing.ts'
import { discardRefusals } from './by-name/discarding.ts'
import { directRefusals } from './direct.ts'
import { awayIn, openDetourRefusals } from './joined.ts'
import { sideRefusals } from './stand-in/refusals.ts'

type DetourWorld = Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>

/** Returns the reasons why a deployment may not step aside as it asks to, or as its config wants it to. */
export function detourRefusals(undertaking: Undertaking, world: DetourWorld): ProblemWords[] {
  if (closesNamed(undertaking) !== null) return closingRefusals(undertaking, world)
  const detour = detourOf(undertaking, world)
  const changes = modes[undertaking.mode].changesEnvironment
  const left = changes ? openDetourRefusals(world.ledger, detour !== null) : []
  if (left.length > 0) return left
  if (discardedIn(undertaking) !== null) return discardRefusals(undertaking, world)
  if (detour === null)
    return asksForDetour(undertaking) ? missing(undertaking, world) : directRefusals(undertaking, world)
  // The stand-in of an open detour serves already, as it was accepted then.
  if (awayIn(world.ledger) !== null) return pageRefusals(undertaking, world)
  return [
    ...lossRefusals(detour),
    ...readOnlyRefusals(detour, world),
    ...pageRefusals(undertaking, world),
    ...sideRefusals(detour, world.recipe),
  ]
}

/** Returns the warnings for the approver of a deployment that steps aside. */
export function detourWarnings(undertaking: Undertaking, world: DetourWorld): string[] {
  if (closesNamed(undertaking) !== null) return closingWarnings(undertaking, world)
  const detour = detourOf(undertaking, world)
  if (detour?.mode === 'read-write')
    return [
      `A read-write detour: what visitors and editors write while it is open is lost when they return. ${world.policy.name} accepts that with accept-data-loss.`,
    ]
  return []
}

function missing({ mode }: Undertaking, { release, recipe, policy, ledger }: DetourWorld): ProblemWords[] {
  const why = !modes[mode].goesForward
    ? `${release.tag} serves already, and nothing is migrated`
    : recipe.steps.detour == null
      ? `the config of ${release.tag} has no steps.detour`
      : policy.detourAbsent === true
        ? `the config says environments.${policy.name}.detour: absent`
        : ledger.serving === null
          ? `nothing serves ${policy.name} yet that could stand aside`
          : 'it has another shape'
  return [
    {
      code: 'detour-missing',
      what: `A detour was asked for, and ${policy.name} cannot have one: ${why}.`,
      why: 'A stand-in needs a place of its own for the code and for a copy of the database.',
      next: 'Leave the input detour out, or add steps.detour.clone to the config and make a new release. Nothing was changed.',
    },
  ]
}

const lossRefusals = ({ mode, acceptDataLoss }: StepAside): ProblemWords[] =>
  mode === 'read-only' || acceptDataLoss
    ? []
    : [
        {
          code: 'detour-refused',
          what: 'The detour is read-write, and its config does not accept that data is lost.',
          why: 'Writes on the stand-in are not at home when visitors return.',
          next: 'Use mode: read-only, or set steps.detour.clone.accept-data-loss: true. Nothing was changed.',
        },
      ]

/** The release that serves runs on the stand-in: it is the one that must bear a database without writes. */
function readOnlyRefusals({ mode }: StepAside, { ledger: { serving } }: DetourWorld): ProblemWords[] {
  if (mode !== 'read-only' || serving === null || serving.readOnly === true) return []
  return [
    {
      code: 'detour-refused',
      what: `${serving.release.tag} serves, and does not say that it works on a database that refuses writes.`,
      why: 'It would serve visitors from the stand-in meanwhile. Its config had no release.read-only: supported when it was deployed.',
      next: 'Have the application bear refused writes, release it with release.read-only: supported, and step aside from then on. Nothing was changed.',
    },
  ]
}

const pageRefusals = (undertaking: Undertaking, world: DetourWorld): ProblemWords[] =>
  chooseSteps(undertaking, world).steps.every((step) => !('maintenance' in step))
    ? []
    : [
        {
          code: 'detour-refused',
          what: 'The config has a maintenance page and a detour: visitors cannot see both.',
          why: 'A detour is there so that visitors see the application while home is changed.',
          next: 'Remove steps.maintenance, or deploy without the detour. Nothing was changed.',
        },
      ]
