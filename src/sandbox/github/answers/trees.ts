import type { RestEndpointMethodTypes } from '@octokit/rest'
import { type Call, created, notFound, ok, param, Refusal } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { resolveCommit } from '../store/history.ts'
import { hasObject, readObject, writeObject } from '../store/objects.ts'
import {
  OverlappingEntries,
  readTree,
  type StoredEntry,
  type TreeChange,
  treeOf,
  writeTree,
} from '../store/trees.ts'

type NewTree = RestEndpointMethodTypes['git']['createTree']['parameters']
type NewEntry = NewTree['tree'][number]
type NewBlob = RestEndpointMethodTypes['git']['createBlob']['parameters']

export function treeAnswers(site: Site) {
  return {
    'git/create-tree': async (call: Call) => {
      const { tree, base_tree: base } = call.body as NewTree
      if (tree.length === 0) throw new Refusal(422, 'Invalid tree info')
      if (base !== undefined && (await treeish(site, base)) === undefined) throw notFound()
      const changes = await Promise.all(tree.map((entry, index) => changeOf(site, entry, index)))
      return created(await treeBody(site, await written(site, base, changes), false))
    },
    'git/get-tree': async (call: Call) => {
      const tree = await treeish(site, param(call, 'tree_sha'))
      if (tree === undefined) throw notFound()
      return ok(await treeBody(site, tree, call.query.recursive !== undefined))
    },
    'git/create-blob': async (call: Call) => {
      const { content, encoding = 'utf-8' } = call.body as NewBlob
      const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
      const sha = writeObject(site.git, 'blob', bytes)
      return created({ sha, url: site.repoApi(`git/blobs/${sha}`) })
    },
    'git/get-blob': async (call: Call) => {
      const sha = param(call, 'file_sha')
      const object = await readObject(site.git, sha)
      if (object?.kind !== 'blob') throw notFound()
      return ok({
        sha,
        node_id: nodeId('Blob', sha),
        url: site.repoApi(`git/blobs/${sha}`),
        size: object.bytes.length,
        content: object.bytes.toString('base64'),
        encoding: 'base64',
      })
    },
  }
}

/** A tree's own SHA, or the tree of a commit, branch or tag. */
async function treeish(site: Site, name: string): Promise<string | undefined> {
  if (await hasObject(site.git, name, 'tree')) return name
  const commit = await resolveCommit(site.git, name)
  return commit && treeOf(site.git, commit)
}

async function changeOf(site: Site, entry: NewEntry, index: number): Promise<TreeChange> {
  const { path, mode = '100644', sha, content } = entry
  if (path === undefined) throw new Refusal(422, `tree[${index}].path is missing`)
  if (path.split('/').some(isMalformed))
    throw new Refusal(422, 'tree.path contains a malformed path component')
  if (content !== undefined && site.inForce('tree-with-content'))
    return { path, mode, sha: writeObject(site.git, 'blob', content) }
  if (sha === undefined) throw new Refusal(422, `tree[${index}] has neither sha nor content`)
  const kind = mode === '040000' ? 'tree' : 'blob'
  if (sha !== null && !(await hasObject(site.git, sha, kind))) {
    throw new Refusal(422, `tree.sha ${sha} is not a valid ${kind}`)
  }
  return { path, mode, sha }
}

/** git itself would only warn and leave the entry out. */
const isMalformed = (segment: string) => ['', '.', '..', '.git'].includes(segment)

async function written(
  site: Site,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  try {
    return await writeTree(site.git, base, changes)
  } catch (error) {
    if (error instanceof OverlappingEntries) throw new Refusal(422, 'tree contains overlapping entries')
    throw error
  }
}

const mostEntries = 100_000

/** The entries of a tree that GitHub lists, and whether that is fewer than there are. */
export function listedEntries(
  { inForce }: Pick<Site, 'inForce'>,
  all: readonly StoredEntry[],
  recursive: boolean,
): { entries: readonly StoredEntry[]; truncated: boolean } {
  const truncated = recursive && all.length > mostEntries && inForce('tree-entries')
  return { entries: truncated ? all.slice(0, mostEntries) : all, truncated }
}

async function treeBody(site: Site, sha: string, recursive: boolean) {
  const { entries, truncated } = listedEntries(site, await readTree(site.git, sha, recursive), recursive)
  return {
    sha,
    url: site.repoApi(`git/trees/${sha}`),
    tree: entries.map(({ kind, ...entry }) => ({
      ...entry,
      type: kind,
      url: site.repoApi(`git/${kind}s/${entry.sha}`),
    })),
    truncated,
  }
}
