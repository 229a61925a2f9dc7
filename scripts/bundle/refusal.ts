/** Says in the bundle what is not in it. */
export const refusal = (what: string): string => `throw new Error('${what} is not bundled')\n`
