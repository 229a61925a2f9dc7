import { basename } from 'node:path'
import { gitIn } from './checkout-git.ts'

/** A repository as git describes it, or git's words if it cannot. */
export type KnownFiles =
  | {
      readonly kind: 'read'
      readonly root: string
      /** The name of the remote's repository, or of the folder. */
      readonly name: string
      /** The branch that a clone would check out, as far as it is known here. */
      readonly branch: string
      /** Files that are tracked or could be; links and submodules are left out. */
      readonly paths: readonly string[]
      /** True if git would ignore a file of that path. */
      ignores(path: string): Promise<boolean>
    }
  | { readonly kind: 'unread'; readonly words: string }

/** Lists the files that git knows or would take. Reads the repository and changes nothing in it. */
export async function readKnownFiles(folder: string, env: NodeJS.ProcessEnv): Promise<KnownFiles> {
  const git = await gitIn(folder, env)
  if (git.kind === 'unread') return git
  const { root } = git
  const ask = async (...words: readonly string[]): Promise<string | null> => {
    const ran = await git.ask(...words)
    return ran.kind === 'done' ? ran.text : null
  }
  const tracked = await ask('ls-files', '--stage', '-z')
  const others = await ask('ls-files', '--others', '--exclude-standard', '-z')
  if (tracked === null || others === null) return { kind: 'unread', words: 'Git cannot list the files.' }
  const remote = await ask('config', '--get', 'remote.origin.url')
  const head = await ask('symbolic-ref', '--short', 'refs/remotes/origin/HEAD')
  const current = await ask('symbolic-ref', '--short', 'HEAD')
  return {
    kind: 'read',
    root,
    name: /([^/:]+?)(?:\.git)?\/?$/.exec(remote ?? '')?.[1] ?? basename(root),
    branch: head?.replace(/^origin\//, '') ?? current ?? 'main',
    paths: [
      ...new Set([
        ...tracked.split('\0').flatMap(regularFile),
        ...others.split('\0').filter((path) => path !== ''),
      ]),
    ],
    ignores: async (path) => (await ask('check-ignore', '--quiet', '--', path)) !== null,
  }
}

/** One line of `ls-files --stage`, as the path of a file that is neither a link nor a submodule. */
function regularFile(line: string): readonly string[] {
  const [, path] = /^100(?:644|755) \S+ \d\t(.+)$/s.exec(line) ?? []
  return path === undefined ? [] : [path]
}
