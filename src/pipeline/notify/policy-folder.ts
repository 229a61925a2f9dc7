import type { Ports } from '../ports.ts'

/** The folder with the files of a policy, or the reason why it cannot be had, without a full stop. */
export type PolicyFolder = { readonly path: string } | { readonly unplaced: string }

/**
 * Returns a folder with the files of the policy, which no release can change: those of the default branch's commit, beside
 * the checkout, or fetched by themselves in a job that has none.
 */
export async function policyFolder({
  releases,
  workspace,
}: Pick<Ports, 'releases' | 'workspace'>): Promise<PolicyFolder> {
  const commit = await releases.commit(null)
  if (commit.kind === 'unknown') return { unplaced: commit.why.what }
  if (commit.kind === 'absent') return { unplaced: 'the default branch has no commit' }
  const beside = await workspace.checkout(commit.value)
  const folder = beside.kind === 'absent' ? await workspace.apart(commit.value) : beside
  if (folder.kind === 'found') return { path: folder.value }
  return {
    unplaced: folder.kind === 'unknown' ? folder.why.what : 'the files of the default branch are not here',
  }
}
