/**
 * The matrices are complete by `npm run test:matrix`. ROLLGATE_MATRIX_EVERY=n takes every nth case, always
 * the same ones; the log prints the selection, so that a sample is not taken for the whole. `thinner`: of long stories a
 * sample takes as many times fewer.
 */
const every = Number(process.env.ROLLGATE_MATRIX_EVERY ?? '1')

export function sampled<Case>(name: string, cases: readonly Case[], thinner = 1): Case[] {
  const nth = every === 1 ? 1 : every * thinner
  const taken = cases.filter((_, index) => index % nth === Math.floor(nth / 2))
  console.log(`${name}: ${taken.length} of ${cases.length} cases${nth === 1 ? '' : `, every ${nth}th`}`)
  return taken
}
