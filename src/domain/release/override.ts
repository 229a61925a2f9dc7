/** Who goes on without the proof, and why. */
export interface Override {
  readonly by: string
  readonly reason: string
}
