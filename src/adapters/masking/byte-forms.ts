/**
 * Returns a text's bytes in the forms in which programs print bytes. `base64` and `hex` may be divided into
 * lines by the program; in `spaced` forms each byte stands apart.
 */
export interface ByteForms {
  readonly dense: readonly string[]
  readonly spaced: readonly string[]
}

export function byteForms(text: string): ByteForms {
  const bytes = Buffer.from(text)
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'))
  const spaced = [' ', ':', '-', '\\x', '%', ', 0x', ',0x'].map((between) => pairs.join(between))
  return {
    dense: bothCases(pairs.join('')).concat(base64Of(bytes)),
    spaced: [...spaced, fourDigits(pairs)].flatMap(bothCases),
  }
}

const bothCases = (form: string): string[] => [
  form,
  form.replace(/[0-9a-f]{2}/g, (pair) => pair.toUpperCase()),
]

/** The groups of `xxd`. */
const fourDigits = (pairs: readonly string[]): string =>
  pairs
    .map((pair, index) => (index % 2 === 1 ? `${pair} ` : pair))
    .join('')
    .trimEnd()

/**
 * Base64 says a text differently by where it starts in a group of three bytes: `user:password` holds the password
 * shifted. So there are three forms, each without the letters that its neighbours have a part in.
 */
function base64Of(bytes: Buffer): string[] {
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6)),
  )
  return [bytes.toString('base64'), ...shifted].flatMap((form) => [
    form,
    form.replaceAll('+', '-').replaceAll('/', '_'),
  ])
}
