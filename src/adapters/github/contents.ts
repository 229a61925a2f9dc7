import type { Relation } from '../../domain/release.ts'
import { find } from './answer.ts'
import type { GitHub } from './connection.ts'
import { problemOf } from './failures.ts'
import { isGitHubError } from './github-error.ts'

/** A file's text at a commit, or on the default branch for null. Null for what is not there or is a folder. */
export async function file(github: GitHub, path: string, commit: string | null): Promise<string | null> {
  const content: unknown = await find(
    { doing: `read ${path} at ${commit ?? 'the default branch'}`, needs: 'contents: read' },
    github.rest.repos.getContent({
      ...github.place,
      path,
      ...(commit === null ? {} : { ref: commit }),
      mediaType: { format: 'raw' },
    }),
  )
  // Octokit decodes what is said to be UTF-8; a folder comes as a list, whatever format was asked for.
  if (content instanceof ArrayBuffer) return new TextDecoder().decode(content)
  return typeof content === 'string' ? content : null
}

export async function compare(
  github: GitHub,
  base: string,
  head: string,
): Promise<{ relation: Relation; commits: number }> {
  try {
    const { data } = await github.rest.repos.compareCommitsWithBasehead({
      ...github.place,
      basehead: `${base}...${head}`,
      per_page: 1,
    })
    return { relation: data.status, commits: data.ahead_by + data.behind_by }
  } catch (error) {
    if (isGitHubError(error) && /no common ancestor/i.test(error.message))
      return { relation: 'diverged', commits: 0 }
    throw problemOf(error, { doing: `compare ${base} with ${head}`, needs: 'contents: read' })
  }
}
