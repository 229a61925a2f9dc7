/** Shorter texts are no secrets: masking them would hide half the log. */
const SHORTEST = 4

/** Words that configure, and protect nothing. SECURITY.md has the same list. */
export const ordinaryWords: ReadonlySet<string> = new Set(
  `true false null none undefined auto default enable enabled disable disabled always never
  production prod staging stage development develop test testing sandbox preview demo live local localhost
  main master latest stable canary release debug
  trace verbose info notice warn warning error critical fatal silent quiet
  http https require prefer allow verify-full
  json yaml text plain html utf8 utf-8 ascii latin1 posix
  root admin user guest postgres postgresql mysql redis node python ruby java linux`
    .trim()
    .split(/\s+/),
)

/** Forms of values that are plainly configuration: each with its name in SECURITY.md. */
export const ordinaryForms: Readonly<Record<string, RegExp>> = {
  'a number of at most seven digits, with or without a unit':
    /^[+-]?\d{1,7}(?:[.,]\d{1,3})?(?:%|ms|[smhdwbkg]|[kmgt]i?b?)?$/i,
  'a version, a date, a time or an IPv4 address': /^v?\d{1,4}(?:[.:-]\d{1,3}){1,3}(?::\d{1,5})?$/i,
  'a locale': /^[a-z]{2}_[A-Z]{2}(?:\.[\w-]{1,10})?$|^C\.UTF-?8$/i,
  'a region of a cloud': /^[a-z]{2}(?:-[a-z]{2,10}){1,2}-?\d$/,
  'a time zone':
    /^(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)\/[\w+/-]{1,30}$/,
}

/**
 * True if masking a value would hide public text: it is short, a word or a form of configuration, or a name
 * that the job shows anyway (its environment, repository, branch). GitHub drops every output that holds a
 * mask.
 */
export function isOrdinary(value: string, names: readonly string[]): boolean {
  const text = value.trim()
  return (
    text.length < SHORTEST ||
    ordinaryWords.has(text.toLowerCase()) ||
    Object.values(ordinaryForms).some((form) => form.test(text)) ||
    names.some((name) => standsIn(text, name))
  )
}

/** The lines by which a secret is masked. Of several lines each is masked by itself, apart from ordinary ones. */
export function secretLines(secret: string): string[] {
  const lines = secret
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.length === 1
    ? lines.filter((line) => line.length >= SHORTEST)
    : lines.filter((line) => !isOrdinary(line.replace(/^\W+|\W+$/g, ''), []))
}

/** True if the text is the name, or a whole part of it: `shop` of `acme/shop`. */
function standsIn(text: string, name: string): boolean {
  const isWord = (character = '') => /[\p{L}\p{N}]/u.test(character)
  for (let at = name.indexOf(text); at >= 0; at = name.indexOf(text, at + 1))
    if (!isWord(name[at - 1]) && !isWord(name[at + text.length])) return true
  return false
}
