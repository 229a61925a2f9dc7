/** A place of a distribution with its weight; the weights of all places make one. */
interface Weighed {
  readonly at: number
  readonly weight: number
}

const weighed = (places: readonly number[], density: (at: number) => number): Weighed[] => {
  const whole = places.reduce((all, at) => all + density(at), 0)
  return places.map((at) => ({ at, weight: density(at) / whole }))
}

const steps = (from: number, to: number, width: number): number[] =>
  Array.from({ length: Math.round((to - from) / width) + 1 }, (_, at) => from + at * width)

const bell = (at: number): number => Math.exp(-(at ** 2) / 2)

/** The standard normal distribution. */
export const normal = weighed(steps(-6, 6, 0.1), bell)

/** The chance of more than `at` by the standard normal distribution. */
export function chanceOfMore(at: number): number {
  const tail = steps(Math.abs(at), Math.abs(at) + 10, 0.01)
  const part =
    (tail.reduce((all, one) => all + bell(one), 0) - bell(at) / 2) * (0.01 / Math.sqrt(2 * Math.PI))
  return at > 0 ? part : 1 - part
}

/** The distribution of a sum of so many squares. */
export const chiSquared = (freedom: number): Weighed[] =>
  weighed(steps(0.005, 60, 0.01), (at) => at ** (freedom / 2 - 1) * Math.exp(-at / 2))

const logFactorials = [0]

export function logFactorial(number: number): number {
  for (let next = logFactorials.length; next <= number; next += 1)
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next))
  return logFactorials[number] ?? 0
}
