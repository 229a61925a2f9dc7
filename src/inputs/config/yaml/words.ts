import type { YAMLParseError, YAMLWarning } from 'yaml'
import { code } from '../wording.ts'

/** Describes an error of the YAML itself, and how to correct it. */
export function yamlWords(error: YAMLParseError | YAMLWarning, text: string): string {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return `the key ${code(wordAt(text, error.pos[0]))} is written twice: keep one of them`
    case 'TAB_AS_INDENT':
      return 'a tab stands where YAML wants spaces: indent with spaces'
    case 'BAD_INDENT':
      return 'not valid YAML: the indentation does not fit the lines above, or a bracket is not closed'
    case 'BAD_SCALAR_START':
      return `a value cannot begin with ${code(text[error.pos[0]] ?? '')}: put it in quotes`
    case 'BAD_DQ_ESCAPE':
      return 'not valid YAML: in double quotes a backslash begins an escape; use single quotes'
    case 'RESOURCE_EXHAUSTION':
      return 'the file is nested too deeply'
    case 'MULTIPLE_DOCS':
      return 'a second document begins here: a config is one document, without `---` in its middle'
    case 'TAG_RESOLVE_FAILED':
      return `the tag ${code(wordAt(text, error.pos[0]))} has no meaning here: write plain text, numbers, true or false`
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'not valid YAML: a key ends on its own line, with `:` after it; look at the indentation, too'
    default:
      return 'not valid YAML here: look for a missing `:`, quote or bracket, and quote a value that holds { } [ ] , # or a colon before a space'
  }
}

function wordAt(text: string, offset: number): string {
  return /^[^\s:,]+/.exec(text.slice(offset))?.[0] ?? ''
}
