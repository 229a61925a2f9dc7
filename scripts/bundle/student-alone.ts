import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Returns the text of a module with Student's t distribution of jStat, cut from the sources in the package. The functions
 * that it rests on stand in one file of their own; among the distributions it is one passage.
 */
export function studentAlone(sources: string): string {
  const special = readFileSync(join(sources, 'special.js'), 'utf8')
  const distributions = readFileSync(join(sources, 'distribution.js'), 'utf8')
  const passage = /^jStat\.extend\(jStat\.studentt, \{\n[\s\S]*?^\}\);$/m.exec(distributions)?.[0]
  if (passage === undefined) throw new Error("jStat has Student's distribution at another place")
  return [
    // `fn` takes the methods for arrays of numbers, which Rollgate does not call.
    'var jStat = { fn: {}, studentt: {}, extend: Object.assign };',
    special,
    passage,
    'module.exports = jStat',
    '',
  ].join('\n')
}
