import type { TextSeen } from '../../domain/check/checkout.ts'
import { findGit } from './program.ts'
import { runGit } from './run.ts'
import { readTextInside } from './text-inside.ts'

/** More than any script or settings of ssh; a larger file is left out. */
const longest = 256 * 1024

/**
 * Reads text files of a checkout. Line ends are those that git keeps: a working tree on Windows has others. A file that
 * cannot be read, or is none, is left out.
 */
export async function readTexts(
  root: string,
  env: NodeJS.ProcessEnv,
  paths: readonly string[],
): Promise<ReadonlyMap<string, TextSeen>> {
  const returns = await keptWithReturns(root, env, paths)
  return new Map(
    [...new Set(paths)].flatMap((path): [string, TextSeen][] => {
      const read = readTextInside(root, path, longest)
      return read.kind === 'found' ? [[path, { text: read.text, carriageReturns: returns.has(path) }]] : []
    }),
  )
}

async function keptWithReturns(root: string, env: NodeJS.ProcessEnv, paths: readonly string[]) {
  const program = findGit({ path: env.PATH, foreign: [root] })
  if (program === null || paths.length === 0) return new Set<string>()
  const words = ['ls-files', '--eol', '-z', '--', ...paths.map((path) => `:(literal)${path}`)]
  const listed = await runGit({ program, env, ceiling: '' }, root, words)
  if (listed.kind === 'failed') return new Set<string>()
  const lines = listed.text.split('\0').filter((line) => /^i\/(?:crlf|mixed)\s/.test(line))
  return new Set(lines.map((line) => line.slice(line.indexOf('\t') + 1)))
}
