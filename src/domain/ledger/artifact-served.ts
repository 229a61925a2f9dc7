import type { Release } from '../release/release.ts'
import type { Ledger } from './ledger.ts'

/** The digest of a file of a release as a deployment last brought it here; null where no deployment kept one. */
export const artifactServed = ({ history }: Ledger, { sha }: Release, path: string): string | null =>
  history.find(({ release, artifacts }) => release.sha === sha && artifacts[path] !== undefined)?.artifacts[
    path
  ] ?? null
