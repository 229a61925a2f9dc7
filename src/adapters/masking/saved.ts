import type { AskStore, IssueStore, LedgerStore, RecordStore } from '../../pipeline/ports.ts'
import type { Masker } from '../masking.ts'

/**
 * The keys of a ledger whose texts come from commands, instances and people. All other texts are names, which
 * must not change.
 */
const saidUnder: ReadonlySet<string> = new Set(['what', 'why', 'next', 'tail', 'note', 'reason', 'comment'])

/** Masks every string in a value; numbers and names of fields stay. */
export function maskStrings<T>(value: T, mask: Masker['mask']): T {
  if (typeof value === 'string') return mask(value) as T
  return mapped(value, (_, inner) => maskStrings(inner, mask))
}

/**
 * Masks the secrets in a ledger, or in the data of a page. The plan is not masked: it holds configuration,
 * and is compared. The same is true of a version that names a release of this ledger, since the next run
 * compares it.
 */
export function maskSaid<T>(ledger: T, mask: Masker['mask']): T {
  const releases = new Set<unknown>()
  collect(ledger, releases)
  const walk = <V>(value: V): V =>
    mapped(value, (key, inner) => {
      if (key === 'plan') return inner
      if (saidUnder.has(key)) return maskStrings(inner, mask)
      // A finding keeps the version that it found as its value.
      if ((key === 'version' || key === 'value') && typeof inner === 'string')
        return releases.has(inner) ? inner : mask(inner)
      return walk(inner)
    })
  return walk(ledger)
}

/** A store of ledgers that masks secrets in appended ones. */
export const savedLedgers = (store: LedgerStore, { mask }: Pick<Masker, 'mask'>): LedgerStore => ({
  ...store,
  append: (head, ledger, message, ...rest) =>
    store.append(head, maskSaid(ledger, mask), mask(message), ...rest),
})

/** A store of asks that masks secrets in a person's reason. */
export const savedAsks = (store: AskStore, { mask }: Pick<Masker, 'mask'>): AskStore => ({
  ...store,
  add: (app, environment, ask) => store.add(app, environment, maskSaid(ask, mask)),
  take: (app, environment, ids, why) => store.take(app, environment, ids, mask(why)),
})

export const savedRecords = (store: RecordStore, { mask }: Pick<Masker, 'mask'>): RecordStore => ({
  ...store,
  say: (record, status) => store.say(record, { ...status, description: mask(status.description) }),
})

export const savedIssues = (store: IssueStore, { mask }: Pick<Masker, 'mask'>): IssueStore => ({
  ...store,
  create: (place, issue) =>
    store.create(place, { ...issue, title: mask(issue.title), text: mask(issue.text) }),
  comment: (number, words) => store.comment(number, { ...words, text: mask(words.text) }),
})

function mapped<T>(value: T, change: (key: string, inner: unknown) => unknown): T {
  if (Array.isArray(value)) return value.map((item) => change('', item)) as T
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(key, inner)])) as T
}

/** The names by which instances say that they run a release: its tag and its commit. */
function collect(value: unknown, names: Set<unknown>): void {
  if (value === null || typeof value !== 'object') return
  const { tag, sha } = value as { readonly tag?: unknown; readonly sha?: unknown }
  for (const name of [tag, sha]) if (typeof name === 'string') names.add(name)
  for (const inner of Object.values(value)) collect(inner, names)
}
