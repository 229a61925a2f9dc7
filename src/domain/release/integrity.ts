import type { Artifact, Manifest } from './manifest.ts'

/** The present parts of a release, to compare with its manifest. */
export interface FoundRelease {
  readonly tag: string
  readonly commit: string
  readonly recipe: string
  readonly baseVersion: string | null
  readonly schemaVersion: string | null
  readonly files: readonly FoundFile[]
}

/** A file of the GitHub Release; GitHub tells no digest of files older than its digests. */
export interface FoundFile {
  readonly name: string
  readonly size: number
  readonly sha256: string | null
}

/** Returns the differences from the manifest, each in words; empty for an unchanged release. */
export function tampering(manifest: Manifest, found: FoundRelease): string[] {
  return [
    ...differing('it is the manifest of', manifest.tag, 'the tag is', found.tag),
    ...differing('it was made from the commit', manifest.commit, 'the tag is', found.commit),
    ...differing('its recipe has the digest', manifest.recipe.digest, 'the config has', found.recipe),
    ...differing('its base version is', manifest['base-version'], 'the config says', found.baseVersion),
    ...differing('its schema version is', manifest['schema-version'], 'the commit says', found.schemaVersion),
    ...artifactsTampered(manifest.artifacts, found.files),
  ]
}

function differing(said: string, one: string | null, is: string, other: string | null): string[] {
  return one === other ? [] : [`${said} ${one ?? 'none'}, and ${is} ${other ?? 'none'}`]
}

/** Names each artifact that is gone or other than it was. */
export function artifactsTampered(artifacts: readonly Artifact[], files: readonly FoundFile[]): string[] {
  return artifacts.flatMap(({ name, sha256, size }) => {
    const file = files.find((one) => one.name === name)
    if (file === undefined) return [`the artifact ${name} is gone`]
    if (file.sha256 !== null && file.sha256 !== sha256)
      return [`the artifact ${name} has the digest ${file.sha256}, it was ${sha256}`]
    return file.size === size ? [] : [`the artifact ${name} has ${file.size} bytes, it had ${size}`]
  })
}
