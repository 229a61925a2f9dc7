import { Problem } from '../../domain/problem.ts'
import { absent, found, type Reading } from '../../domain/reading.ts'
import type { CommitsBetween } from '../../domain/release/commits-between.ts'
import type { CommitComparison } from '../../pipeline/ports.ts'
import { look } from './answer.ts'
import type { GitHub } from './connection.ts'
import { isGitHubError } from './github-error.ts'

/** A file's text at a commit, or on the default branch for null. A folder is no file. */
export async function file(github: GitHub, path: string, commit: string | null): Promise<Reading<string>> {
  const asking = {
    doing: `read ${path} at ${commit ?? 'the default branch'}`,
    needs: 'contents: read',
  } as const
  const reading = await look<unknown>(github, asking, content(github, path, commit))
  if (reading.kind !== 'found') return reading
  // Octokit decodes UTF-8 by the declared type; a folder comes as a list, in every format.
  const { value } = reading
  if (value instanceof ArrayBuffer) return found(new TextDecoder().decode(value))
  return typeof value === 'string' ? found(value) : absent
}

/** GitHub answers 404 for a commit that it does not have as well, in other words: then nothing is known of the file. */
async function content({ rest, place }: GitHub, path: string, commit: string | null) {
  try {
    const ref = commit === null ? {} : { ref: commit }
    return await rest.repos.getContent({ ...place, path, ...ref, mediaType: { format: 'raw' } })
  } catch (error) {
    if (isGitHubError(error) && commit !== null && /no commit found/i.test(error.message))
      throw commitGone(path, commit, error)
    throw error
  }
}

const commitGone = (path: string, commit: string, error: unknown): Problem =>
  new Problem(
    'commit-missing',
    {
      what: `Could not read ${path} at ${commit}: the repository has no such commit.`,
      why: 'A force push or a deleted fork took the commit away, and GitHub has cleaned it up since.',
      next: `Push the commit again if a clone still has it (git push origin ${commit}:refs/tags/<tag>), or deploy another release.`,
    },
    error,
  )

export async function compare(
  github: GitHub,
  base: string,
  head: string,
): Promise<Reading<CommitComparison>> {
  const asking = { doing: `compare ${base} with ${head}`, needs: 'contents: read' } as const
  return look(github, asking, comparison(github, base, head))
}

/** Two commits without a common ancestor have diverged; GitHub answers with a 404. */
async function comparison(
  { rest, place }: GitHub,
  base: string,
  head: string,
): Promise<{ data: CommitComparison }> {
  try {
    const asked = { ...place, basehead: `${base}...${head}`, per_page: 1 }
    const { data } = await rest.repos.compareCommitsWithBasehead(asked)
    return { data: { relation: data.status, commits: data.ahead_by + data.behind_by } }
  } catch (error) {
    if (isGitHubError(error) && /no common ancestor/i.test(error.message))
      return { data: { relation: 'diverged', commits: 0 } }
    throw error
  }
}

/** The most that GitHub lists: commits on a page, and files of a comparison, which are on the first page alone. */
const most = { commits: 100, files: 300 } as const

export async function commitsBetween(
  github: GitHub,
  base: string,
  head: string,
): Promise<Reading<CommitsBetween>> {
  const asking = { doing: `list the commits from ${base} to ${head}`, needs: 'contents: read' } as const
  const { rest, place } = github
  const asked = { ...place, basehead: `${base}...${head}`, per_page: most.commits }
  const reading = await look(github, asking, rest.repos.compareCommitsWithBasehead(asked))
  if (reading.kind !== 'found') return reading
  const { total_commits: total, commits, files = [] } = reading.value
  return found({
    total,
    titles: commits.map(({ commit }) => commit.message.split('\n', 1)[0] ?? ''),
    added: {
      paths: files.filter(({ status }) => status === 'added').map(({ filename }) => filename),
      whole: files.length < most.files,
    },
  })
}
