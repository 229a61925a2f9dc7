import type { RestEndpointMethodTypes } from '@octokit/rest'
import { type Call, created, notFound, ok, param, Refusal } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { isAncestor } from '../store/ancestry.ts'
import {
  type Commit,
  isoSeconds,
  readCommit,
  readTag,
  type Signature,
  writeCommit,
  writeTag,
} from '../store/commits.ts'
import { hasObject } from '../store/objects.ts'
import { listReferences } from '../store/references.ts'
import type { People } from './people.ts'

type NewTag = RestEndpointMethodTypes['git']['createTag']['parameters']
type NewCommit = RestEndpointMethodTypes['git']['createCommit']['parameters']

export function gitCommitAnswers(site: Site, people: People) {
  return {
    'git/create-commit': async (call: Call) => {
      const { message, tree, parents = [], author, committer } = call.body as NewCommit
      if (site.inForce('commit-parents-exist')) await requireObjects(site, tree, parents)
      const own = signatureOf(site, people, call.actor)
      const signature = { ...own, ...signed(author) }
      const sha = writeCommit(site.git, {
        message,
        tree,
        parents,
        author: signature,
        committer: { ...signature, ...signed(committer) },
      })
      return created(await commitBody(site, sha))
    },
    'git/get-commit': async (call: Call) => {
      await requireReadable(site, param(call, 'commit_sha'))
      return ok(await commitBody(site, param(call, 'commit_sha')))
    },
    // The object alone: a reference must point at it before it is a tag.
    'git/create-tag': async (call: Call) => {
      const { tag: name, message, object, type } = call.body as NewTag
      if (type === 'commit' && !(await hasObject(site.git, object, 'commit')))
        throw new Refusal(422, 'Object does not exist')
      const tagger = signatureOf(site, people, call.actor)
      const sha = writeTag(site.git, { name, message, tagger, object: { sha: object, kind: type } })
      return created(await tagBody(site, sha))
    },
    'git/get-tag': async (call: Call) => ok(await tagBody(site, param(call, 'tag_sha'))),
  }
}

/** GitHub shows every object that it has, and so those of forks. */
async function requireReadable(site: Site, sha: string): Promise<void> {
  if (site.inForce('unreferenced-objects-are-readable')) return
  for (const reference of await listReferences(site.git, 'refs/'))
    if (await isAncestor(site.git, sha, reference.sha)) return
  throw notFound()
}

async function requireObjects(site: Site, tree: string, parents: readonly string[]): Promise<void> {
  if (!(await hasObject(site.git, tree, 'tree'))) throw new Refusal(422, 'Tree SHA does not exist')
  for (const parent of parents) {
    if (await hasObject(site.git, parent, 'commit')) continue
    throw new Refusal(422, 'Parent SHA does not exist or is not a commit object')
  }
}

/** The token's login, at the address that GitHub gives an account that keeps its own private. */
function signatureOf(site: Site, people: People, actor: string): Signature {
  const email = `${people.user(actor).id}+${actor}@users.noreply.github.com`
  return { name: actor, email, date: isoSeconds(site.clock()) }
}

function signed(given: Partial<Signature> | undefined): Partial<Signature> {
  if (given?.date === undefined) return given ?? {}
  return { ...given, date: isoSeconds(new Date(given.date)) }
}

async function commitBody(site: Site, sha: string) {
  const commit = await readCommit(site.git, sha)
  if (commit === undefined) throw notFound()
  return {
    sha,
    node_id: nodeId('Commit', sha),
    url: site.repoApi(`git/commits/${sha}`),
    html_url: site.page(`commit/${sha}`),
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: treeOf(site, commit),
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: site.repoApi(`git/commits/${parent}`),
      html_url: site.page(`commit/${parent}`),
    })),
    verification: unsigned,
  }
}

export function treeOf(site: Site, commit: Commit) {
  return { sha: commit.tree, url: site.repoApi(`git/trees/${commit.tree}`) }
}

export const unsigned = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
}

async function tagBody(site: Site, sha: string) {
  const tag = await readTag(site.git, sha)
  if (tag === undefined) throw notFound()
  const { object } = tag
  return {
    sha,
    node_id: nodeId('Tag', sha),
    url: site.repoApi(`git/tags/${sha}`),
    tag: tag.name,
    message: tag.message,
    tagger: tag.tagger,
    object: { sha: object.sha, type: object.kind, url: site.repoApi(`git/${object.kind}s/${object.sha}`) },
    verification: unsigned,
  }
}
