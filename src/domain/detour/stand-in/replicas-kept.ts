import type { DetourEvidence, DetourNote } from '../deed.ts'

/** The replicas of home's services on engines while visitors were there: the scale that home comes back to. */

const nameOf = (service: string): string => `replicas of ${service}`

/** Returns the replicas of a service for the evidence of the start of the stand-in. */
export const keepReplicas = (service: string, replicas: number): DetourEvidence => ({
  [nameOf(service)]: `${replicas}`,
})

/** Returns the replicas of a service that were kept last; 0 where none were. */
export const replicasKept = (notes: readonly DetourNote[], service: string): number =>
  Number(notes.findLast(({ evidence }) => evidence[nameOf(service)])?.evidence[nameOf(service)] ?? 0)
