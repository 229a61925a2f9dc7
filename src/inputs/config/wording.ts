import { closest, distance } from 'fastest-levenshtein'

const longest = 60

/** Describes a value for a person: ``the number 3``, ``the list [1,2]``. */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return value.trim() === '' ? 'an empty text' : `the text ${code(value)}`
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value === 'boolean') return code(String(value))
  if (Array.isArray(value)) return `the list ${code(JSON.stringify(value))}`
  const keys = Object.keys(value)
  return keys.length === 0 ? 'an empty mapping' : `a mapping of ${code(keys.join(', '))}`
}

/** Text out of a file, made safe to print on one line: without the login of an address, which is a secret. */
export function code(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�').replaceAll(/:\/\/\S*@/g, '://…@')
  return `\`${line.length > longest ? `${line.slice(0, longest)}…` : line}\``
}

/** The mappings in which keys stand that are often looked for in another one. */
export const placesOfKeys: ReadonlyMap<string, string> = new Map([
  ['prepare', 'services.<name>.fleet'],
  ['slots', 'services.<name>.fleet'],
  ['bake', 'steps.verify'],
  ['at-most', 'steps.verify'],
  ['batches', 'services.<name>.rollout'],
  ['pause-between-batches', 'services.<name>.rollout'],
  ['max-parallel', 'services.<name>.rollout'],
  ['accept-downtime', 'services.<name>.rollout'],
  ['bake-time', 'services.<name>.test-bed'],
  ['upload', 'services.<name>.fleet.ssh'],
  ['send-env', 'services.<name>.fleet.ssh'],
  ['halt', 'environments.<name>'],
  ['notify', 'environments.<name>'],
  ['freezes', 'environments.<name>'],
  ['windows', 'environments.<name>'],
  ['approval', 'environments.<name>.requires'],
  ['verified-in', 'environments.<name>.requires'],
])

export function unknownKey(key: string, known: readonly string[]): string {
  const place = placesOfKeys.get(key)
  if (place !== undefined) return `unknown key ${code(key)} here: it stands in ${code(place)}`
  const near = nearest(key, known)
  const hint =
    near === null ? `; known here: ${listed(known)}${ofYourOwn(known)}` : `; did you mean ${code(near)}?`
  return `unknown key ${code(key)}${hint}`
}

/** Steps have fixed names; a command of a team's own is a hook. */
const ofYourOwn = (known: readonly string[]): string =>
  known.includes('hooks') ? `. A step of your own is a hook, in ${code('steps.hooks')}` : ''

/** The known word that a person most likely meant, or null when none is close. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null
  const near = closest(word, known)
  return distance(word, near) <= Math.min(near.length - 1, Math.max(2, Math.floor(near.length / 3)))
    ? near
    : null
}

export function listed(words: readonly string[]): string {
  return words.map(code).join(', ')
}

/** `a`, `b` or `c` */
export function either(words: readonly string[]): string {
  const last = words.at(-1)
  if (last === undefined) return ''
  return words.length === 1 ? code(last) : `${listed(words.slice(0, -1))} or ${code(last)}`
}
