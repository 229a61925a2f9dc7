import { Problem } from '../../domain/problem.ts'
import { code, either, listed, nearest } from './wording.ts'
import type { Source } from './yaml/source.ts'
import { keysAt, type Tree } from './yaml/tree.ts'

export function environmentUnknown(source: Source, tree: Tree, environment: string): Problem {
  const known = keysAt(tree, ['environments'])
  const near = nearest(environment, known)
  return new Problem('environment-unknown', {
    what: `${source.path} at ${source.commit} has no environment ${code(environment)}.`,
    why: known.length === 0 ? 'It names no environments at all.' : `It names ${listed(known)}.`,
    next:
      near === null
        ? `Deploy to ${known.length === 0 ? 'an environment once it is there' : either(known)}, or add environments.${environment} with its class.`
        : `Did you mean ${code(near)}? Otherwise add environments.${environment} with its class.`,
  })
}
