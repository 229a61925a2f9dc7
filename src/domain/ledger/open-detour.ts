import { createHash } from 'node:crypto'
import type { StepAside } from '../config/detour-recipe.ts'
import type { DetourNote } from '../detour/deed.ts'
import type { Plan } from '../plan/plan.ts'
import type { ReleaseId } from '../release/release.ts'
import type { Step } from '../step/step.ts'
import type { StepTurn } from './lease.ts'

/**
 * A detour that was begun and has not ended. It belongs to the environment, and outlives the deployment that began it:
 * nothing gives it back unasked.
 */
export interface OpenDetour {
  /** Its name on both sides, by which a later run finds the copy of an earlier one. */
  readonly id: string
  readonly kind: 'aside'
  readonly mode: StepAside['mode']
  /** The deployment that began it. */
  readonly deployment: number
  readonly since: string
  /** The time from which it is reported loudly. */
  readonly until: string
  /** The release of the stand-in. */
  readonly release: ReleaseId
  readonly phase: 'opening' | 'open' | 'closing'
  /** The deeds so far, the oldest first. */
  readonly notes: readonly DetourNote[]
}

/** The deployment whose step changes the detour. */
interface DetourOwner {
  readonly number: number
  readonly plan: Pick<Plan, 'app' | 'environment' | 'from'>
}

/** The longest name that every engine takes: PostgreSQL's slots, Azure's and AWS's names, and a prefix of ours. */
const longestId = 40

/** Returns the name of a detour: `shop-production-7`. A long one is cut, and then has a mark of the whole. */
export function detourId(app: string, environment: string, number: number): string {
  const plain = `${app}-${environment}-${number}`.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  const whole = plain.replace(/^-+/, '')
  const same = `${app}-${environment}-${number}` === whole
  if (same && whole.length <= longestId) return whole
  const mark = createHash('sha256').update(`${app}/${environment}`).digest('hex').slice(0, 6)
  const end = `-${mark}-${number}`
  return `${whole.replace(/-\d+$/, '').slice(0, longestId - end.length)}${end}`
}

/** Returns the detour as a turn of the step that opens it leaves it. */
export function detourAfterOpening(
  before: OpenDetour | null,
  step: Step,
  { kind, at }: StepTurn,
  owner: DetourOwner,
): OpenDetour | null {
  switch (kind) {
    case 'step-started':
      return before ?? begun(step, at, owner)
    case 'step-succeeded':
      return before && { ...before, phase: 'open' }
    case 'undo-started':
      return before && { ...before, phase: 'closing' }
    case 'undo-succeeded':
      return null
  }
}

/** Returns the detour as a turn of the step that joins it leaves it: only its undo ends it. */
export function detourAfterJoining(before: OpenDetour | null, { kind }: StepTurn): OpenDetour | null {
  if (kind === 'undo-started') return before && { ...before, phase: 'closing' }
  return kind === 'undo-succeeded' ? null : before
}

/** Returns the detour as a turn of the step that ends it leaves it. */
export function detourAfterClosing(before: OpenDetour | null, { kind }: StepTurn): OpenDetour | null {
  if (kind === 'step-started') return before && { ...before, phase: 'closing' }
  return kind === 'step-succeeded' ? null : before
}

/** Returns the detour with one more deed. */
export const withNote = (before: OpenDetour | null, note: DetourNote): OpenDetour | null =>
  before && { ...before, notes: [...before.notes, note] }

function begun(step: Step, at: string, { number, plan }: DetourOwner): OpenDetour | null {
  const { from, app, environment } = plan
  if (!('detour' in step) || from === null) return null
  return {
    id: detourId(app, environment.name, number),
    kind: 'aside',
    mode: step.detour.mode,
    deployment: number,
    since: at,
    until: new Date(Date.parse(at) + step.detour.lasts).toISOString(),
    release: { tag: from.tag, sha: from.sha },
    phase: 'opening',
    notes: [],
  }
}
