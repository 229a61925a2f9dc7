import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ESTree, parseSync, Visitor } from 'rolldown/utils'

/** The functions of src/inputs/config/schema/vocabulary.ts whose last argument says what a key is for. */
const describing: ReadonlySet<string> = new Set(['key', 'required', 'byDefault'])

/**
 * Empties the descriptions of the config's keys, and of the inputs that no command requires, in compiled files below
 * `folder`. The JSON Schema, action.yml and the docs are made from the sources; a run reads none of these descriptions,
 * and would load forty kilobytes of them. A required input keeps its description: a message asks for the input with it.
 */
export function dropMeanings(folder: string): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    if (/from '[./]*(?:vocabulary|input-definition)\.js'/.test(text))
      writeFileSync(path, withoutMeanings(text))
  }
}

/** Returns the text of a compiled file with empty descriptions. */
export function withoutMeanings(text: string): string {
  const found = descriptionsIn(text).toSorted((one, other) => other.start - one.start)
  return found.reduce(
    (rest, { start, end, instead = "''" }) => rest.slice(0, start) + instead + rest.slice(end),
    text,
  )
}

interface Span {
  readonly start: number
  readonly end: number
  /** The text in its place; an empty description where it is left out. */
  readonly instead?: string
}

function descriptionsIn(text: string): Span[] {
  const spans: Span[] = []
  const take = (node: (Span & { readonly type: string }) | undefined): void => {
    if (node !== undefined && isWords(node)) spans.push({ start: node.start, end: node.end })
  }
  new Visitor({
    CallExpression({ callee, arguments: given }) {
      const name = nameOf(callee)
      const [before, words] = given.slice(-2)
      if (describing.has(name) && before !== undefined && words !== undefined && isWords(words))
        spans.push({ start: before.end, end: words.end, instead: '' })
      if (name === 'flag' && given.length === 2) take(given[0])
      const meaning = name === 'meaning' || name === '.register' ? given[1] : undefined
      if (meaning?.type !== 'ObjectExpression') return
      for (const property of meaning.properties)
        if (property.type === 'Property' && property.key.type === 'Identifier')
          if (property.key.name === 'description') take(property.value)
    },
    ObjectExpression({ properties }) {
      const known = new Map<string, Span & { readonly type: string }>()
      for (const property of properties)
        if (property.type === 'Property' && property.key.type === 'Identifier')
          known.set(property.key.name, property.value)
      // An input with a default is never empty, so that no message asks for it.
      if (known.has('of') && (known.has('default') || !known.has('required'))) take(known.get('description'))
    },
  }).visit(parseSync('compiled.js', text).program)
  return spans
}

/** Returns the name of a function that is called, or that of a method after a dot. */
function nameOf(callee: ESTree.Expression): string {
  if (callee.type === 'Identifier') return callee.name
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
    ? `.${callee.property.name}`
    : ''
}

/** True for text that stands there whole: a name or a call is left alone, because leaving it out could change a run. */
const isWords = (node: { readonly type: string }): boolean =>
  node.type === 'TemplateLiteral' || node.type === 'Literal'
