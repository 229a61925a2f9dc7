import jstat from 'jstat'

/** Returns the chance of more than `t` by Student's distribution, with so many degrees of freedom. */
export const chanceAbove = (t: number, freedom: number): number => 1 - jstat.studentt.cdf(t, freedom)

/** Returns the `t` below which the share `p` of Student's distribution lies. */
export const quantile = (p: number, freedom: number): number => jstat.studentt.inv(p, freedom)

/** Returns the density of Student's distribution at `t`, up to a factor. */
export const density = (t: number, freedom: number): number => (1 + t ** 2 / freedom) ** (-(freedom + 1) / 2)

/** Returns the chance of less than `share` by the beta distribution. */
export const chanceOfLess = (share: number, a: number, b: number): number => jstat.ibeta(share, a, b)
