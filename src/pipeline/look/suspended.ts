/** The milliseconds by which a sleep may miss its time on a busy machine. */
const tolerance = 10_000

/** True if the runner was suspended during a sleep, or its clock was set: nothing was seen meanwhile. */
export const wasSuspended = (slept: number, wanted: number): boolean => Math.abs(slept - wanted) > tolerance
