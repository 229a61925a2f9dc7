import type { Override } from '../release/override.ts'

/** `ada lets it through while signals halt: the fix for the incident` */
export const describeHaltOverride = ({ by, reason }: Override): string =>
  `${by} lets it through while signals halt: ${reason}`
