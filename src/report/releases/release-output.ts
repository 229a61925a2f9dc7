import { manifestName } from '../../domain/release/manifest.ts'
import type { ReleaseView } from './release-view.ts'

/** The output `result` of a release, described in docs/releases.md. */
export const releaseResult = (view: ReleaseView) => ({
  schema: 1,
  command: 'release',
  outcome: 'released',
  'reason-code': null,
  release: view.manifest.tag,
  sha: view.manifest.commit,
  url: view.url,
  immutable: view.immutable,
  prerelease: view.prerelease,
  resumed: view.resumed,
  'deploy-to': view.deployTo,
  warnings: view.advice,
  manifest: { sha256: view.sha256, ...view.manifest },
})

/** The manifest and every artifact, a line each, as `sha256sum` writes them. */
export const checksums = ({ manifest, sha256 }: ReleaseView): string =>
  [{ name: manifestName, sha256 }, ...manifest.artifacts]
    .map((file) => `${file.sha256}  ${file.name}`)
    .join('\n')
