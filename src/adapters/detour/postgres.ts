import type { PostgresDetour } from '../../domain/config/detour-recipe.ts'
import type { DetourDatabase, Variables } from '../../pipeline/ports.ts'
import { able } from './postgres/able.ts'
import { clear } from './postgres/clear.ts'
import { close } from './postgres/close.ts'
import { lostWrites } from './postgres/count.ts'
import { cut, level, rejoin } from './postgres/cut.ts'
import { discard } from './postgres/discard.ts'
import { discardFailedHome, seeFailedHome } from './postgres/failed-home.ts'
import { fence } from './postgres/fence.ts'
import { createFences } from './postgres/fences.ts'
import { harden } from './postgres/harden.ts'
import { leave, still } from './postgres/leave.ts'
import type { DetourShape, PostgresMeans, PostgresWork } from './postgres/means.ts'
import { observe } from './postgres/observe.ts'
import { open } from './postgres/open.ts'
import { countFromHere } from './postgres/promote.ts'
import { deed, look } from './postgres/trouble.ts'
import { unfence } from './postgres/unfence.ts'

/**
 * PostgreSQL's databases of a detour: the stand-in is a standby that is cut off. Statements go over sessions from here,
 * programs run where the stand-in lives.
 */
export function createPostgresDetour(
  recipe: PostgresDetour,
  shape: DetourShape,
  means: PostgresMeans,
): DetourDatabase {
  const fences = createFences()
  const work = (
    id: string,
    variables: Variables,
    { signal, line }: { readonly signal: AbortSignal; line?(text: string): void },
  ): PostgresWork => ({
    ...means,
    recipe,
    shape,
    id,
    variables,
    signal,
    fences,
    say: (text) => line?.(text),
  })
  return {
    able: (id, variables, watch) => look(() => able(work(id, variables, watch))),
    observe: (id, variables, signal) => observe(work(id, variables, { signal })),
    open: (id, variables, watch) => deed(() => open(work(id, variables, watch))),
    fence: (id, side, variables, watch) => deed(() => fence(work(id, variables, watch), side)),
    unfence: (id, side, variables, watch) => deed(() => unfence(work(id, variables, watch), side)),
    level: (id, position, variables, watch) => deed(() => level(work(id, variables, watch), position)),
    cut: (id, variables, watch) => deed(() => cut(work(id, variables, watch))),
    rejoin: (id, variables, watch) => deed(() => rejoin(work(id, variables, watch))),
    harden: (id, variables, watch) => deed(() => harden(work(id, variables, watch))),
    close: (id, way, variables, watch) => deed(() => close(work(id, variables, watch), way)),
    discard: (id, variables, watch) => deed(() => discard(work(id, variables, watch))),
    failedHome: (id, where, variables, signal) =>
      look(() => seeFailedHome(work(id, variables, { signal }), where)),
    discardFailedHome: (id, where, variables, watch) =>
      deed(() => discardFailedHome(work(id, variables, watch), where)),
    clear: (id, earlier, variables, watch) => deed(() => clear(work(id, variables, watch), earlier)),
    still: (id, position, variables, signal) => look(() => still(work(id, variables, { signal }), position)),
    mark: (id, variables, watch) => deed(() => countFromHere(work(id, variables, watch))),
    leave: (id, side, variables, watch) => deed(() => leave(work(id, variables, watch), side)),
    lostWrites: (id, variables, signal) => look(() => lostWrites(work(id, variables, { signal }))),
  }
}
