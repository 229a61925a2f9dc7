import { gitIn } from './checkout-git.ts'

/** The addresses of a checkout's remotes by their names, or git's words if they cannot be read. */
export type RemotesRead =
  | { readonly kind: 'read'; readonly remotes: ReadonlyMap<string, string> }
  | { readonly kind: 'unread'; readonly words: string }

/** Reads where a checkout comes from. An address may hold credentials: it is never shown as it is. */
export async function readRemotes(folder: string, env: NodeJS.ProcessEnv): Promise<RemotesRead> {
  const git = await gitIn(folder, env)
  if (git.kind === 'unread') return git
  const listed = await git.ask('remote', '--verbose')
  if (listed.kind === 'failed') return { kind: 'unread', words: listed.words }
  const lines = listed.text.split('\n').map((line) => /^(\S+)\t(\S+) \(fetch\)/.exec(line))
  return {
    kind: 'read',
    remotes: new Map(lines.flatMap((one) => (one === null ? [] : [[one[1] ?? '', one[2] ?? '']]))),
  }
}
