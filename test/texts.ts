import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { parseSync, Visitor } from 'rolldown/utils'

/** A text with its place in the repository, `file:line`. */
export interface Placed {
  readonly place: string
  readonly text: string
}

const notWritten = /^dist\/|openapi\.json$|package-lock\.json$|\/(?:golden|transcripts|fixtures)\//

/** Every hand-written file of the repository. */
export const files: readonly string[] = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((file) => !notWritten.test(file) && existsSync(file))

const isScript = (file: string): boolean => /\.(?:ts|mjs|js)$/.test(file)
const hasHashes = (file: string): boolean => /\.(?:ya?ml|sh)$|^(?:\.ci|agent)\//.test(file)
const lineOf = (source: string, offset: number): number => source.slice(0, offset).split('\n').length

/** The comments of a TypeScript or JavaScript file. Lines of `//` that follow each other are one comment. */
export function scriptComments(file: string, source: string): Placed[] {
  const found: { start: number; end: number; text: string }[] = []
  for (const { type, value, start, end } of parseSync(file, source).comments) {
    const last = found.at(-1)
    const text = value.replace(/^\*/, '').replace(/^\s*\* ?/gm, ' ')
    const follows = last !== undefined && /^\n *$/.test(source.slice(last.end, start))
    if (follows && type === 'Line') Object.assign(last, { end, text: `${last.text}${text}` })
    else found.push({ start, end, text })
  }
  return found.map(({ start, text }) => placed(file, lineOf(source, start), text))
}

/** The comments of a shell or YAML file. Lines that begin with `#` and follow each other are one comment. */
export function hashComments(file: string, source: string): Placed[] {
  const found: { at: number; to: number; text: string }[] = []
  source.split('\n').forEach((line, at) => {
    const [, code, text] = /^(?!#!)(\s*|.* )#(?: (.*))?$/.exec(line) ?? []
    if (code === undefined || text === undefined) return
    const last = found.at(-1)
    if (last?.to === at - 1 && code.trim() === '')
      Object.assign(last, { to: at, text: `${last.text} ${text}` })
    else found.push({ at, to: code.trim() === '' ? at : -1, text })
  })
  return found.map(({ at, text }) => placed(file, at + 1, text))
}

export const comments = (): Placed[] =>
  files.flatMap((file) => {
    if (isScript(file)) return scriptComments(file, readFileSync(file, 'utf8'))
    return hasHashes(file) ? hashComments(file, readFileSync(file, 'utf8')) : []
  })

/** The texts of `description:` in workflows, actions and examples. */
export const yamlDescriptions = (): Placed[] =>
  files.filter(hasHashes).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, at) => {
        const text = /^\s*description: (['"]?)([^$].*)\1$/.exec(line)?.[2]
        return text === undefined ? [] : [placed(file, at + 1, text)]
      }),
  )

/** The descriptions of the config's keys, as editors and docs/config.md show them. */
export const schemaDescriptions = (): Placed[] =>
  readFileSync('rollgate.schema.json', 'utf8')
    .split('\n')
    .flatMap((line, at) => {
      const text = /^\s*"description": "(.*)",?$/.exec(line)?.[1]
      return text === undefined ? [] : [placed('rollgate.schema.json', at + 1, text)]
    })

/** The titles of tests, without the IDs at their end. */
export const titles = (): Placed[] =>
  files
    .filter((file) => /^test\/.*\.ts$/.test(file))
    .flatMap((file) => {
      const source = readFileSync(file, 'utf8')
      const found: Placed[] = []
      const visitor = new Visitor({
        CallExpression({ callee, arguments: [title] }) {
          const isTest = /^(?:test|it|describe)\b/.test(source.slice(callee.start, callee.end))
          if (!isTest || (title?.type !== 'Literal' && title?.type !== 'TemplateLiteral')) return
          const text = source.slice(title.start + 1, title.end - 1).replace(/(?: [A-Z]{1,2}-?\d\d)+$/, '')
          found.push(placed(file, lineOf(source, title.start), text))
        },
      })
      visitor.visit(parseSync(file, source).program)
      return found
    })

/** The strings of the sources with at least three words: messages, labels, warnings and pages. */
export const messages = (): Placed[] =>
  files
    .filter((file) => /^src\/.*\.ts$/.test(file))
    .flatMap((file) => {
      const source = readFileSync(file, 'utf8')
      const found: Placed[] = []
      const add = ({ start, end }: { readonly start: number; readonly end: number }): void => {
        const text = source.slice(start + 1, end - 1)
        if (/\S \S+ \S/.test(text)) found.push(placed(file, lineOf(source, start), text))
      }
      const visitor = new Visitor({
        Literal: (literal) => (typeof literal.value === 'string' ? add(literal) : undefined),
        TemplateLiteral: add,
      })
      visitor.visit(parseSync(file, source).program)
      return found
    })

const placed = (file: string, line: number, text: string): Placed => ({
  place: `${file}:${line}`,
  text: text.replace(/\s+/g, ' ').trim(),
})
