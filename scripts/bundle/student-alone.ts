import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { passageOf } from './rewrite.ts'

/** The special functions that Student's distribution rests on, of the thirty in the file. */
const beneath = ['gammaln', 'betafn', 'betaln', 'betacf', 'ibetainv', 'ibeta'] as const

/** Returns the text of a module with Student's t distribution of jStat, cut from the sources in the package. */
export function studentAlone(sources: string): string {
  const special = readFileSync(join(sources, 'special.js'), 'utf8')
  const distributions = readFileSync(join(sources, 'distribution.js'), 'utf8')
  return [
    'var jStat = { studentt: {}, extend: Object.assign };',
    ...beneath.map((name) => passageOf(special, new RegExp(`^jStat\\.${name} = function [^]*?^\\};$`, 'm'))),
    passageOf(distributions, /^jStat\.extend\(jStat\.studentt, \{\n[\s\S]*?^\}\);$/m),
    'module.exports = jStat',
    '',
  ].join('\n')
}
