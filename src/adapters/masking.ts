/** Keeps secrets out of everything that is shown or kept. */
export interface Masker {
  add(secret: string): void
  /** The text with `***` in place of every secret. Takes one line at a time: a secret of many lines is masked by line. */
  mask(text: string): string
  /** For a text whose end was cut off: a secret that only begins there is masked too. */
  maskCut(text: string): string
}

const SHORTEST = 4
const COVER = '***'

/** Masks these secrets in every form they are likely to be printed in. Those below four characters are left alone. */
export function createMasker(secrets: Iterable<string> = []): Masker {
  const forms = new Set<string>()
  const add = (secret: string) => {
    for (const form of formsOf(secret)) forms.add(form)
  }
  for (const secret of secrets) add(secret)
  return {
    add,
    mask: (text) => cover(text, occurrences(text, forms)),
    maskCut: (text) => cover(text, [...occurrences(text, forms), ...beginnings(text, forms)]),
  }
}

const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PASSWD|PRIVATE|CREDENTIAL|API_?KEY/i
/** Values that say nothing, and whose masking would hide half the log. */
const COMMON_VALUE = /^(?:true|false|null|none|enabled|disabled|default|\d{1,7})$/i

/** The values of an environment that its names call secret. */
export function secretsOf(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    const text = value.trim()
    return SECRET_NAME.test(name) && text.length >= SHORTEST && !COMMON_VALUE.test(text) ? [value] : []
  })
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim())
  const forms = lines
    .filter((line) => line.length >= SHORTEST)
    .flatMap((line) => [
      line,
      encodeURIComponent(line.toWellFormed()),
      JSON.stringify(line).slice(1, -1),
      ...base64Of(line),
    ])
  return [...forms, ...base64Of(secret)].filter((form) => form.length >= SHORTEST)
}

/**
 * Base64 says a text differently by where it starts in a group of three bytes: `user:password` holds the password
 * shifted. So there are three forms, each without the letters that its neighbours have a part in.
 */
function base64Of(text: string): string[] {
  const bytes = Buffer.from(text)
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6)),
  )
  return [bytes.toString('base64'), ...shifted]
}

/** Where something is to be covered: from, and up to but without. */
type Span = readonly [from: number, to: number]

function occurrences(text: string, forms: Iterable<string>): Span[] {
  const spans: Span[] = []
  for (const form of forms)
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1))
      spans.push([at, at + form.length])
  return spans
}

function beginnings(text: string, forms: Iterable<string>): Span[] {
  const spans: Span[] = []
  for (const form of forms)
    for (let length = Math.min(form.length, text.length); length > 0; length--)
      if (text.endsWith(form.slice(0, length))) spans.push([text.length - length, text.length])
  return spans
}

/** Covers overlapping spans as one, so that no part of a secret shows because another one began inside it. */
function cover(text: string, spans: Span[]): string {
  let covered = ''
  let shownTo = 0
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (from >= shownTo) covered += text.slice(shownTo, from) + COVER
    shownTo = Math.max(shownTo, to)
  }
  return covered + text.slice(shownTo)
}
