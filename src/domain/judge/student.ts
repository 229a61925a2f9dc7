import jstat from 'jstat'

/** Student's t distribution: the spread of an estimate whose own spread was estimated from few readings. */

/** Returns the chance of more than `t`, with so many degrees of freedom. */
export const chanceAbove = (t: number, freedom: number): number => 1 - jstat.studentt.cdf(t, freedom)

/** Returns the `t` below which the share `p` lies. */
export const quantile = (p: number, freedom: number): number => jstat.studentt.inv(p, freedom)
