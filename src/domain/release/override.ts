/** The person who overrides a proof, and the reason. */
export interface Override {
  readonly by: string
  readonly reason: string
}
