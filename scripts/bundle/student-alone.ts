import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The special functions that Student's distribution rests on, of the thirty in the file. */
const beneath = ['gammaln', 'betafn', 'betaln', 'betacf', 'ibetainv', 'ibeta'] as const

/** Returns the text of a module with Student's t distribution of jStat, cut from the sources in the package. */
export function studentAlone(sources: string): string {
  const special = readFileSync(join(sources, 'special.js'), 'utf8')
  const distributions = readFileSync(join(sources, 'distribution.js'), 'utf8')
  const passage = /^jStat\.extend\(jStat\.studentt, \{\n[\s\S]*?^\}\);$/m.exec(distributions)?.[0]
  if (passage === undefined) throw new Error("jStat has Student's distribution at another place")
  const functions = beneath.map((name) => {
    const found = new RegExp(`^jStat\\.${name} = function [^]*?^\\};$`, 'm').exec(special)?.[0]
    if (found === undefined) throw new Error(`jStat has ${name} at another place`)
    return found
  })
  return [
    'var jStat = { studentt: {}, extend: Object.assign };',
    ...functions,
    passage,
    'module.exports = jStat',
    '',
  ].join('\n')
}
