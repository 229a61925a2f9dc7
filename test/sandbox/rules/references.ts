import { over, type ProbedGitHub, refused, shop } from './server.ts'

const one = async ({ github }: ProbedGitHub): Promise<string> => github.commit('main', { a: '1' }, 'One')

/** Asks for a new reference to the only commit. */
const making = (
  status: number,
  ref: string,
  more: (probed: ProbedGitHub, sha: string) => unknown = () => {},
) =>
  over(async (probed) => {
    const sha = await one(probed)
    await more(probed, sha)
    return refused(status, probed.octokit.git.createRef({ ...shop, ref, sha }))
  })

/** Writes a commit that no reference leads to. */
async function loose({ octokit }: ProbedGitHub, parents: string[] = []): Promise<string> {
  const entry = { path: 'a', mode: '100644', type: 'blob', content: 'loose' } as const
  const { data: tree } = await octokit.git.createTree({ ...shop, tree: [entry] })
  const { data } = await octokit.git.createCommit({ ...shop, message: 'Loose', tree: tree.sha, parents })
  return data.sha
}

export const referenceProbes = {
  'reference-name': making(422, 'refs/short'),
  'reference-in-any-namespace': making(201, 'refs/rollgate/shop/production'),
  'reference-names-have-case': making(201, 'refs/tags/V1', ({ github }, sha) => github.tag('v1', sha)),
  'reference-is-made-once': making(422, 'refs/tags/v1', ({ github }, sha) => github.tag('v1', sha)),
  'reference-moves-forward': over(async (probed) => {
    const sha = await one(probed)
    await probed.github.setReference('refs/rollgate/shop/production', await loose(probed, [sha]))
    const moved = { ...shop, ref: 'rollgate/shop/production', sha }
    return refused(422, probed.octokit.git.updateRef(moved))
  }),
  'branch-holds-commits': over(async (probed) => {
    await one(probed)
    const sha = (await probed.octokit.git.createBlob({ ...shop, content: 'x' })).data.sha
    return refused(422, probed.octokit.git.createRef({ ...shop, ref: 'refs/heads/file', sha }))
  }),
  'branch-before-tag': over(async (probed) => {
    await probed.github.tag('v1', await one(probed))
    const branch = await probed.github.commit('v1', { b: '1' }, 'A branch of the same name')
    const asked = { ...shop, ref: 'v1', auto_merge: false, required_contexts: [] }
    const { data } = await probed.octokit.repos.createDeployment(asked)
    return 'sha' in data && data.sha === branch
  }),
  'unreferenced-objects-are-readable': over(async (probed) =>
    refused(200, probed.octokit.git.getCommit({ ...shop, commit_sha: await loose(probed) })),
  ),
  'ruleset-keeps-tags': making(422, 'refs/tags/v1', ({ github }) =>
    github.tagRuleset('Releases', { include: ['refs/tags/v*'], rules: ['creation'] }),
  ),
  'workflows-in-moved-references': over(async ({ github, octokit }) => {
    const sha = await github.commit('main', { '.github/workflows/a.yml': 'on: push' }, 'One')
    await github.tag('v0', sha)
    const newer = await github.commit('gone', { '.github/workflows/a.yml': 'on: release' }, 'Two')
    await github.commit('gone', { '.github/workflows/a.yml': 'on: issues' }, 'Three')
    return refused(403, octokit.git.updateRef({ ...shop, ref: 'tags/v0', sha: newer, force: true }))
  }),
  'tree-with-content': over(async ({ octokit }) => {
    const tree = [{ path: 'a', mode: '100644' as const, content: 'inline' }]
    return refused(201, octokit.git.createTree({ ...shop, tree }))
  }),
  'commit-parents-exist': over(async (probed) => {
    const { data: tree } = await probed.octokit.git.createTree({
      ...shop,
      tree: [{ path: 'a', mode: '100644', content: 'a' }],
    })
    const asked = { ...shop, message: 'Orphan', tree: tree.sha, parents: ['1'.repeat(40)] }
    return refused(422, probed.octokit.git.createCommit(asked))
  }),
}
