import type { TextSeen } from '../../domain/check/checkout.ts'
import { findGit } from './program.ts'
import { runGit } from './run.ts'
import { readTextInside } from './text-inside.ts'

/** More than any script or settings of ssh; a larger file is left out. */
const longest = 256 * 1024

/**
 * Reads text files of a checkout. Line ends are those that git keeps: a working tree on Windows has others. Where git does
 * not tell, those of the working tree count. A file that cannot be read, or is none, is left out.
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
      if (read.kind !== 'found') return []
      const { text } = read
      return [[path, { text, carriageReturns: returns?.has(path) ?? text.includes('\r\n') }]]
    }),
  )
}

/** Returns the files that git keeps with carriage returns; null if git does not tell. */
async function keptWithReturns(
  root: string,
  env: NodeJS.ProcessEnv,
  paths: readonly string[],
): Promise<ReadonlySet<string> | null> {
  if (paths.length === 0) return new Set()
  const program = findGit({ path: env.PATH, foreign: [root] })
  if (program === null) return null
  const words = ['ls-files', '--eol', '-z', '--', ...paths.map((path) => `:(literal)${path}`)]
  const listed = await runGit({ program, env, ceiling: '' }, root, words)
  if (listed.kind === 'failed') return null
  const lines = listed.text.split('\0').filter((line) => /^i\/(?:crlf|mixed)\s/.test(line))
  return new Set(lines.map((line) => line.slice(line.indexOf('\t') + 1)))
}
