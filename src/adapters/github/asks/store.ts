import { Problem } from '../../../domain/problem.ts'
import { absent, known, type Reading } from '../../../domain/reading.ts'
import { type Ask, describeAsk, withAsk } from '../../../domain/signal/ask.ts'
import type { AskStore } from '../../../pipeline/ports.ts'
import { look } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { append } from '../ledger/append.ts'
import { fileAt, short } from '../ledger/at-head.ts'
import { asksRef } from '../ledger/ref.ts'
import { type AsksPlace, asksFile, asksText, parseAsks } from './text.ts'

/** Asks: `asks.json` on a reference beside the ledger. It moves while a run holds the ledger. */
export function gitHubAsks(github: GitHub): AskStore {
  // A commit never changes: while the reference stays, a run that polls makes one request.
  const read = remembering((place, head) => asksAt(github, place, head))
  return {
    at: (app, environment, commit) => read(placeOf(app, environment), commit),
    read: async (app, environment) => (await standing(github, placeOf(app, environment), read)).asks,
    async add(app, environment, ask) {
      const place = placeOf(app, environment)
      await swap(github, place, (asks) => withAsk(asks, ask), describeAsk(ask))
    },
    async take(app, environment, ids, why) {
      const place = placeOf(app, environment)
      const others = (asks: readonly Ask[]) => asks.filter(({ id }) => !ids.includes(id))
      const before = await swap(github, place, others, why)
      return before.filter(({ id }) => ids.includes(id))
    },
  }
}

const placeOf = (app: string, environment: string): AsksPlace => ({
  ref: asksRef(app, environment),
  app,
  environment,
})

interface AsksAt {
  readonly head: string | null
  readonly asks: Reading<readonly Ask[]>
}

type ReadAt = (place: AsksPlace, head: string) => Promise<Reading<readonly Ask[]>>

/** Keeps the last answer for each place, unless it was unknown. */
function remembering(read: ReadAt): ReadAt {
  const kept = new Map<string, { readonly head: string; readonly asks: Reading<readonly Ask[]> }>()
  return async (place, head) => {
    const last = kept.get(place.ref)
    if (last?.head === head) return last.asks
    const asks = await read(place, head)
    if (asks.kind !== 'unknown') kept.set(place.ref, { head, asks })
    return asks
  }
}

async function asksAt(github: GitHub, place: AsksPlace, head: string): Promise<Reading<readonly Ask[]>> {
  const text = await fileAt(github, asksFile, head)
  return text.kind === 'unknown' ? text : parseAsks(text.kind === 'found' ? text.value : null, place)
}

async function standing(github: GitHub, place: AsksPlace, read: ReadAt): Promise<AsksAt> {
  // The list answers with nothing where there is no reference, and 404 where the repository is hidden.
  const listed = await look(
    github,
    { doing: `read ${place.ref}`, needs: 'contents: read' },
    github.rest.git.listMatchingRefs({ ...github.place, ref: short(place.ref) }),
  )
  if (listed.kind !== 'found') return { head: null, asks: listed }
  const head = listed.value.find(({ ref }) => ref === place.ref)?.object.sha ?? null
  return { head, asks: head === null ? absent : await read(place, head) }
}

/** Another writer may be first: the asks are read and changed again. */
const tries = 5

/** Returns the asks before the change. Writes nothing where nothing changes. Throws where they are unknown. */
async function swap(
  github: GitHub,
  place: AsksPlace,
  change: (asks: readonly Ask[]) => readonly Ask[],
  message: string,
): Promise<readonly Ask[]> {
  for (let left = tries; left > 0; left--) {
    const { head, asks } = await standing(github, place, (at, now) => asksAt(github, at, now))
    const before = known(asks) ?? []
    const after = change(before)
    if (after.length === before.length) return before
    const text = asksText(place, after)
    const doing = `write the asks for ${place.environment}`
    const { ref } = place
    if ((await append(github, { ref, head, files: [{ file: asksFile, text }], message, doing })) !== null)
      return before
  }
  throw new Problem('environment-locked', {
    what: `The asks for ${place.environment} were written by others each time.`,
    why: 'Several people or runs write them at this moment.',
    next: 'Run this one again in a moment.',
  })
}
