/**
 * The matrices are complete by `npm run test:matrix`. ROLLGATE_MATRIX_EVERY=n takes every nth case, always
 * the same ones; the log prints the selection, so that a sample is not taken for the whole.
 */
const every = Number(process.env.ROLLGATE_MATRIX_EVERY ?? '1')

export function sampled<Case>(name: string, cases: readonly Case[]): Case[] {
  const taken = cases.filter((_, index) => index % every === Math.floor(every / 2))
  console.log(`${name}: ${taken.length} of ${cases.length} cases${every === 1 ? '' : `, every ${every}th`}`)
  return taken
}
