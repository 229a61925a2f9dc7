import type { ActionsSite } from '../site/actions-site.ts'

/** A workflow file in a repository at a ref. */
export interface PlacedFile {
  readonly repository: string
  readonly ref: string
  readonly path: string
  readonly text: string
}

/** Finds the file that a job calls. `$/` and `./` stand for the repository of the file that they are written in. */
export function calledFile(
  { repositories }: ActionsSite,
  uses: string,
  from: { readonly repository: string; readonly ref: string },
): PlacedFile | undefined {
  const own = /^(?:\$|\.)\/(.+)$/.exec(uses)
  const foreign = /^([^/]+\/[^/]+)\/([^@]+)@(.+)$/.exec(uses)
  const [repository, path, ref] = own ? [from.repository, own[1], from.ref] : (foreign?.slice(1) ?? [])
  if (repository === undefined || path === undefined || ref === undefined) return undefined
  const text = repositories[repository]?.read(path, ref)
  return text === undefined ? undefined : { repository, ref, path, text }
}
