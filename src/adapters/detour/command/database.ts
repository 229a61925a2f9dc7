import type { Command } from '../../../domain/config/command.ts'
import type { CommandDetour, DetourParts, DetourVerb } from '../../../domain/config/detour-recipe.ts'
import type { DetourDeed } from '../../../domain/detour/deed.ts'
import type { DatabaseSeen } from '../../../domain/detour/detour-seen.ts'
import { type DetourSide, otherSide } from '../../../domain/detour/side.ts'
import { found, mapped, type Reading } from '../../../domain/reading.ts'
import type { DetourDatabase, Variables, Watch } from '../../../pipeline/ports.ts'
import { printedBy } from './asking.ts'
import * as results from './database-results.ts'
import { abilityIn, databaseIn, failedHomeIn, lostWritesIn } from './printed.ts'
import { brokenIn, type Condition, type VerbResult, wants } from './sights.ts'
import { namedBy, turnedTo } from './turned.ts'
import { doVerb, type VerbTools } from './verb.ts'

/** The call of one verb: `rest` are the variables that say more about it. */
interface VerbCall {
  readonly name: DetourVerb
  readonly what: string
  readonly id: string
  readonly variables: Variables
  readonly watch: Watch
  readonly rest?: Variables
}

/** The observations around a verb. */
interface Seeing {
  /** Must hold before the command runs. */
  before?(seen: DatabaseSeen): Condition
  after(seen: DatabaseSeen, before: DatabaseSeen): VerbResult
  readonly always?: true
  readonly patience?: number
}

/** The databases of a detour by commands: each verb is one, and `observe` must show what it did. */
export function createCommandDatabase(
  recipe: CommandDetour,
  tools: VerbTools,
  { copied = 'stand-in' }: Pick<DetourParts, 'copied'> = {},
): DetourDatabase {
  const { observe: look, verbs } = recipe
  const seenBy = async (variables: Variables, signal: AbortSignal): Promise<DatabaseSeen> =>
    turnedTo(copied, databaseIn(await printedBy(tools.shell, look, variables, signal)))
  /** The side of the databases as the config names it. */
  const named = (side: DetourSide): DetourSide => (copied === 'stand-in' ? side : otherSide(side))

  const failedHome = async (id: string, variables: Variables, signal: AbortSignal) =>
    failedHomeIn(await printedBy(tools.shell, look, withId(id, variables), signal))

  const call = (
    { name, what, id, variables, watch, rest }: VerbCall,
    { before, after, ...rules }: Seeing,
  ) => {
    const all = { ...withId(id, variables), ...rest }
    return doVerb<DatabaseSeen>(
      {
        what,
        command: verbs[name] ?? null,
        variables: all,
        look: (signal) => seenBy(all, signal),
        refuse: (seen) => (before === undefined ? null : brokenIn([before(seen)])),
        result: (seen, earlier) => namedBy(copied, after(seen, earlier)),
        ...rules,
      },
      tools,
      watch,
    )
  }

  return {
    async able(id, variables, { signal }) {
      if (verbs.able !== undefined)
        return abilityIn(await printedBy(tools.shell, verbs.able, withId(id, variables), signal))
      return found({ refusals: [], warnings: ['No command looks what speaks against a detour.'], facts: {} })
    },
    observe: (id, variables, signal) => seenBy(withId(id, variables), signal),
    open: (id, variables, watch) =>
      call(
        { name: 'open', what: 'the stand-in follows home and refuses writes', id, variables, watch },
        // A second copy could be made where it is unknown if there is one.
        { before: standInIsKnown, after: results.isOpen, patience: COPY_MS },
      ),
    fence: (id, side, variables, watch) =>
      call(
        {
          ...{ name: 'fence', what: `writes to ${named(side)} are shut out`, id, variables, watch },
          rest: sideIs(named(side)),
        },
        { after: (seen) => results.isFenced(seen, side) },
      ),
    unfence: (id, side, variables, watch) =>
      call(
        {
          ...{ name: 'unfence', what: `${named(side)} takes writes`, id, variables, watch },
          rest: sideIs(named(side)),
        },
        { after: (seen) => results.isUnfenced(seen, side) },
      ),
    level: (id, position, variables, watch) =>
      call(
        {
          ...{ name: 'level', what: 'the stand-in is level', id, variables, watch },
          rest: { ROLLGATE_POSITION: position },
        },
        { after: (seen) => results.isLevel(seen, position) },
      ),
    cut: (id, variables, watch) =>
      call(
        { name: 'cut', what: 'the stand-in follows no more', id, variables, watch },
        { before: results.mayBeCut, after: results.isCut },
      ),
    rejoin: (id, variables, watch) =>
      call(
        { name: 'rejoin', what: 'the stand-in follows home again', id, variables, watch },
        { after: results.isRejoined },
      ),
    harden: (id, variables, watch) =>
      call(
        { name: 'harden', what: 'home is kept for the change alone', id, variables, watch },
        { before: results.mayBeHardened, after: results.isHardened, always: true },
      ),
    async close(id, way, variables, watch) {
      const deed = await call(
        {
          ...{ name: 'close', what: `the databases are ended for \`${way}\``, id, variables, watch },
          rest: { ROLLGATE_CLOSING: way },
        },
        { after: (seen, before) => results.isClosed(seen, before, way), always: true },
      )
      const keeps = way === 'revert' && verbs['discard-failed-home'] !== undefined
      return keeps ? withKept(deed, await failedHome(id, variables, watch.signal)) : deed
    },
    failedHome: (id, _where, variables, signal) => failedHome(id, variables, signal),
    discardFailedHome: (id, _where, variables, watch) =>
      removed({
        ...{ command: verbs['discard-failed-home'] ?? null, variables: withId(id, variables), tools, watch },
        look: (signal) => failedHome(id, variables, signal),
      }),
    discard: (id, variables, watch) =>
      call(
        { name: 'discard', what: 'the copy is gone', id, variables, watch },
        { before: results.mayBeDiscarded, after: results.isDiscarded },
      ),
    ...betweenSides({ call, seenBy, named }),
    async lostWrites(id, variables, signal) {
      if (verbs.count === undefined)
        return found({ kind: 'uncounted', why: 'the config has no command `count`' })
      return lostWritesIn(await printedBy(tools.shell, verbs.count, withId(id, variables), signal))
    },
  }
}

/** The hands of the verbs between two sides with a database each. */
interface SidedHands {
  call(verb: VerbCall, seeing: Seeing): Promise<DetourDeed>
  seenBy(variables: Variables, signal: AbortSignal): Promise<DatabaseSeen>
  named(side: DetourSide): DetourSide
}

const betweenSides = ({
  call,
  seenBy,
  named,
}: SidedHands): Pick<DetourDatabase, 'clear' | 'still' | 'mark' | 'leave'> => ({
  clear: (id, earlier, variables, watch) =>
    call(
      {
        ...{ name: 'clear', what: 'nothing is in the place of the copy', id, variables, watch },
        rest: { ...sideIs(named('stand-in')), ROLLGATE_EARLIER: earlier.join(' ') },
      },
      { before: results.mayBeDiscarded, after: results.isDiscarded },
    ),
  async still(id, position, variables, signal) {
    const { position: at } = await seenBy(withId(id, variables), signal)
    return mapped(at.home, (now) => now === position)
  },
  mark: (id, variables, watch) =>
    call(
      { name: 'mark', what: 'writes are counted from here on', id, variables, watch },
      { after: () => results.nothingToSee, always: true },
    ),
  leave: (id, side, variables, watch) =>
    call(
      {
        ...{ name: 'leave', what: `${named(side)} is left`, id, variables, watch },
        rest: sideIs(named(side)),
      },
      { after: (seen) => results.isLeft(seen, side), always: true },
    ),
})

/** The removal of a failed home. */
interface Removal {
  readonly command: Command | null
  readonly variables: Variables
  readonly tools: VerbTools
  readonly watch: Watch
  look(signal: AbortSignal): Promise<Reading<string>>
}

function removed({ command, variables, tools, watch, look }: Removal): Promise<DetourDeed> {
  if (command === null) return Promise.resolve(notRemovable)
  const verb = { what: 'the failed home is gone', command, variables, look, refuse: () => null }
  return doVerb<Reading<string>>({ ...verb, result: results.isRemoved }, tools, watch)
}

/** A team that says how a failed home is removed has to tell where it is kept. */
function withKept(deed: DetourDeed, kept: Reading<string>): DetourDeed {
  if (deed.kind === 'failed' || kept.kind === 'absent') return deed
  if (kept.kind === 'found') return { ...deed, evidence: { ...deed.evidence, kept: kept.value } }
  const { code, what, next } = kept.why
  return { kind: 'failed', failure: { code, what, tail: [], next } }
}

const notRemovable: DetourDeed = {
  kind: 'failed',
  failure: {
    code: 'detour-unseen',
    what: 'The config has no command `discard-failed-home`.',
    tail: [],
    next: 'Remove the failed home by hand, and answer force-next.',
  },
}

/** A copy that is made elsewhere, as by a cloud, goes on after its command has ended. No visitor waits for it. */
const COPY_MS = 30 * 60_000

const withId = (id: string, variables: Variables): Variables => ({ ...variables, ROLLGATE_DETOUR: id })

const sideIs = (side: string): Variables => ({ ROLLGATE_SIDE: side })

const standInIsKnown = ({ standIn }: DatabaseSeen): Condition =>
  wants('stand-in', standIn, 'partial', 'stopped', 'running', null)
