import { type Block, type CommitBlock, describeCommits } from '../ledger/blocking.ts'

/**
 * A person's wish of a run that holds a ledger, which only the holder may move. It stands on a reference of its own until
 * the holder takes it, once: a taken ask is gone, and its deployment's journal has it.
 */
export type Ask = AskFields & AskKind

/** Everything that an ask says, whatever it is for. */
interface AskFields {
  /** Unique: an ask is added once and taken once, however often a request is repeated. */
  readonly id: string
  /** A login. */
  readonly by: string
  readonly reason: string
  /** ISO time in UTC. */
  readonly at: string
  /** The address of the run that brought it. */
  readonly run: string
  /**
   * The number of the one deployment that it is for, so that it never hits a later one. Null: it is for the environment,
   * and stands until a person takes it away.
   */
  readonly deployment: number | null
}

type AskKind =
  /** Change nothing further that brings a release forward. */
  | { readonly kind: 'halt' }
  /** Block a release, or unblock it. */
  | { readonly kind: 'block'; readonly block: Block | CommitBlock; readonly unblock: boolean }
  /** Take an approval back, as long as nothing has changed. */
  | { readonly kind: 'withdraw'; readonly question: string }

export type AskOf<Kind extends Ask['kind']> = Extract<Ask, { kind: Kind }>

/** The asks of one kind for a deployment: those that name it, and those for the environment. */
export const asksFor = <Kind extends Ask['kind']>(
  asks: readonly Ask[],
  kind: Kind,
  deployment: number | null,
): readonly AskOf<Kind>[] =>
  asks.filter(
    (ask): ask is AskOf<Kind> =>
      ask.kind === kind && (ask.deployment === null || ask.deployment === deployment),
  )

/** Adds an ask behind the others; one that is there already, by its id, stays as it is. */
export const withAsk = (asks: readonly Ask[], ask: Ask): readonly Ask[] =>
  asks.some(({ id }) => id === ask.id) ? asks : [...asks, ask]

/** `ada asks to halt deployment 7: orders are lost` */
export const describeAsk = (ask: Ask): string =>
  `${ask.by} asks to ${askDeed(ask)}${ask.reason === '' ? '' : `: ${ask.reason}`}`

function askDeed(ask: Ask): string {
  switch (ask.kind) {
    case 'halt':
      return ask.deployment === null ? 'halt whatever comes' : `halt deployment ${ask.deployment}`
    case 'block':
      return `${ask.unblock ? 'unblock' : 'block'} ${'tag' in ask.block ? ask.block.tag : describeCommits(ask.block)}`
    case 'withdraw':
      return `withdraw the answer to question ${ask.question}`
  }
}
