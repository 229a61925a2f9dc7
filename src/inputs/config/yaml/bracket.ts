/** Returns the offset of the bracket that is not closed, in the lines that belong to the one at `start`; null if all are. */
export function unclosedBracket(text: string, start: number): number | null {
  const open: number[] = []
  for (const { index, 0: part } of text.slice(0, endOfBlock(text, start)).slice(start).matchAll(parts)) {
    const at = start + index
    if (part === '{' || part === '[') open.push(at)
    if (part !== '}' && part !== ']') continue
    const last = open.at(-1)
    if (last === undefined || closing[text.charAt(last)] !== part) return last ?? null
    open.pop()
    if (open.length === 0) return null
  }
  return open.at(-1) ?? null
}

/** Quoted texts and comments, whose brackets do not count, and the brackets that do. */
const parts = /"(?:\\.|[^"\\\n])*"|(?<=[\s{[,:])'(?:''|[^'\n])*'|(?<=\s)#[^\n]*|[{}[\]]/g

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' }

/** The first line below that is not indented deeper than the bracket's own, and closes nothing. */
function endOfBlock(text: string, start: number): number {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const indent = /^[ -]*/.exec(text.slice(from))?.[0].length ?? 0
  const next = [...text.slice(start).matchAll(/\n( *)(?=[^\s\]}#])/g)].find(
    ([, blanks = '']) => blanks.length <= Math.min(indent, start - from),
  )
  return next === undefined ? text.length : start + next.index
}
