/** A reply of the driver. */
export type Reply =
  /** The driver's own folder, or the home of the login. */
  | { readonly kind: 'box' | 'ready'; readonly path: string }
  | { readonly kind: 'started' }
  /** The following output is the command's stderr. */
  | { readonly kind: 'aside' }
  /** The folder that the command was to run in is not there. */
  | { readonly kind: 'nowhere' }
  /** The command could not be written there whole and was not run; the output says why. */
  | { readonly kind: 'unwritten' }
  | { readonly kind: 'exited'; readonly code: number }
  /** No process holds the command's output any more. */
  | { readonly kind: 'ended' }
  /** The group that was to end is gone. */
  | { readonly kind: 'gone' }

export interface Hearer {
  output(bytes: Uint8Array): void
  reply(reply: Reply): void
}

/**
 * Divides a stream into a command's output and the driver's replies, wherever these stand in it. Output is passed on
 * as it comes, apart from an end that may be the beginning of a reply.
 */
export function createReplyReader(nonce: string, hearer: Hearer): (bytes: Uint8Array) => void {
  const mark = Buffer.from(`${nonce} `)
  let held = Buffer.alloc(0)

  /** Returns the number of bytes that could be parsed; the rest needs more. */
  function read(bytes: Buffer): number {
    let from = 0
    for (;;) {
      const at = bytes.indexOf(mark, from)
      const outputTo = at < 0 ? bytes.length - partAtTheEnd(bytes.subarray(from), mark) : at
      if (outputTo > from) hearer.output(bytes.subarray(from, outputTo))
      if (at < 0) return outputTo
      const end = bytes.indexOf('\n', at)
      if (end < 0) return at
      const reply = replyFrom(bytes.toString('utf8', at + mark.length, end))
      if (reply !== null) hearer.reply(reply)
      from = end + 1
    }
  }

  return (bytes) => {
    const all = Buffer.concat([held, bytes])
    held = all.subarray(read(all))
  }
}

/** Returns how many of the last bytes may be the beginning of the mark. */
function partAtTheEnd(bytes: Buffer, mark: Buffer): number {
  for (let length = Math.min(bytes.length, mark.length - 1); length > 0; length--)
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length
  return 0
}

function replyFrom(line: string): Reply | null {
  const [, kind, rest = ''] = /^(\S+)(?: (.*))?$/.exec(line) ?? []
  switch (kind) {
    case 'box':
    case 'ready':
      return { kind, path: rest }
    case 'exited':
      return { kind, code: Number(rest) }
    case 'started':
    case 'aside':
    case 'nowhere':
    case 'unwritten':
    case 'ended':
    case 'gone':
      return { kind }
    default:
      return null
  }
}
