import { pageOf } from '../paging.ts'
import { type Call, notFound, param, Refusal, type SiteReply } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { compare } from '../store/ancestry.ts'
import { type Commit, readCommit, readCommits } from '../store/commits.ts'
import { changedFiles, type FileChange, resolveCommit } from '../store/history.ts'
import { treeOf, unsigned } from './git-commits.ts'

export function commitAnswers(site: Site) {
  return {
    'repos/get-commit': async (call: Call) => {
      const commit = await commitOf(site, param(call, 'ref'))
      if (commit === undefined) throw new Refusal(422, `No commit found for SHA: ${param(call, 'ref')}`)
      if (call.accept.includes('application/vnd.github.sha')) return plainSha(commit.sha)
      const files = await changedFiles(site.git, commit.parents[0], commit.sha)
      const page = pageOf(call, files, site.inForce('commit-files') ? mostFiles : files.length)
      const body = {
        ...commitBody(site, commit),
        stats: stats(files),
        files: fileBodies(site, commit.sha, page.items),
      }
      return linked(body, page.link)
    },
    'repos/compare-commits-with-basehead': async (call: Call) => {
      const [base, head, ...more] = param(call, 'basehead').split('...')
      if (base === undefined || head === undefined || more.length > 0) throw notFound()
      const [from, to] = [await commitOf(site, base), await commitOf(site, head)]
      if (from === undefined || to === undefined) throw notFound()
      return comparisonReply(site, call, from, to)
    },
  }
}

/** Files of a comparison, or of a page of a commit. */
const mostFiles = 300

async function commitOf(site: Site, ref: string): Promise<Commit | undefined> {
  const sha = await resolveCommit(site.git, ref)
  return sha === undefined ? undefined : readCommit(site.git, sha)
}

const plainSha = (sha: string): SiteReply => ({
  kind: 'raw',
  status: 200,
  bytes: sha,
  type: 'application/vnd.github.sha; charset=utf-8',
})

/** Files come with the first page alone, as at GitHub. */
async function comparisonReply(site: Site, call: Call, base: Commit, head: Commit): Promise<SiteReply> {
  const comparison = await compare(site.git, base.sha, head.sha)
  if (comparison === undefined) throw notFound(`No common ancestor between ${base.sha} and ${head.sha}.`)
  const { mergeBase, aheadBy, behindBy } = comparison
  const most = site.inForce('comparison-commits') ? 250 : comparison.commits.length
  const page = pageOf(call, comparison.commits, most)
  const commits = await readCommits(site.git, page.items)
  const [ancestor] = await readCommits(site.git, [mergeBase])
  const first = Number(call.query.page ?? 1) === 1
  const changes = first ? await changedFiles(site.git, mergeBase, head.sha) : undefined
  const shown = site.inForce('comparison-files') ? changes?.slice(0, mostFiles) : changes
  const files = shown && fileBodies(site, head.sha, shown)
  const body = {
    ...comparisonAddresses(site, base.sha, head.sha),
    base_commit: commitBody(site, base),
    merge_base_commit: commitBody(site, ancestor ?? base),
    status: statusOf(aheadBy, behindBy),
    ahead_by: aheadBy,
    behind_by: behindBy,
    total_commits: aheadBy,
    commits: commits.map((commit) => commitBody(site, commit)),
    files,
  }
  return linked(body, page.link)
}

const linked = (body: unknown, link: string | undefined): SiteReply => ({
  kind: 'json',
  status: 200,
  body,
  headers: link === undefined ? {} : { link },
})

function statusOf(aheadBy: number, behindBy: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (aheadBy > 0) return behindBy > 0 ? 'diverged' : 'ahead'
  return behindBy > 0 ? 'behind' : 'identical'
}

function comparisonAddresses(site: Site, base: string, head: string) {
  const page = site.page(`compare/${base}...${head}`)
  return {
    url: site.repoApi(`compare/${base}...${head}`),
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
  }
}

/** Author and committer are null: the sandbox knows no account behind an e-mail address. */
function commitBody(site: Site, commit: Commit) {
  const { sha } = commit
  return {
    sha,
    node_id: nodeId('Commit', sha),
    url: site.repoApi(`commits/${sha}`),
    html_url: site.page(`commit/${sha}`),
    comments_url: site.repoApi(`commits/${sha}/comments`),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: treeOf(site, commit),
      url: site.repoApi(`git/commits/${sha}`),
      comment_count: 0,
      verification: unsigned,
    },
    author: null,
    committer: null,
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: site.repoApi(`commits/${parent}`),
      html_url: site.page(`commit/${parent}`),
    })),
  }
}

function stats(files: readonly FileChange[]) {
  const additions = files.reduce((sum, file) => sum + file.additions, 0)
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0)
  return { additions, deletions, total: additions + deletions }
}

function fileBodies(site: Site, commit: string, files: readonly FileChange[]) {
  return files.map(({ path, status, sha, additions, deletions }) => ({
    filename: path,
    status,
    sha,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: site.page(`blob/${commit}/${encodeURI(path)}`),
    raw_url: site.page(`raw/${commit}/${encodeURI(path)}`),
    contents_url: site.repoApi(`contents/${encodeURI(path)}?ref=${commit}`),
  }))
}
