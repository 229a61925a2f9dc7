import { over, type ProbedGitHub, refused, shop } from './server.ts'

type Released = (probed: ProbedGitHub, sha: string) => Promise<boolean>

/** A probe that begins with the published, immutable release v1 at the first commit. */
const released = (ask: Released) =>
  over(async (probed) => {
    const sha = await probed.github.commit('main', { a: '1' }, 'One')
    await probed.octokit.repos.createRelease({ ...shop, tag_name: 'v1' })
    return ask(probed, sha)
  })

const upload = ({ octokit }: ProbedGitHub, release_id: number, name: string) =>
  octokit.repos.uploadReleaseAsset({
    ...shop,
    baseUrl: octokit.request.endpoint.DEFAULTS.baseUrl,
    release_id,
    name,
    data: 'x',
  })

const drafted = async ({ octokit }: ProbedGitHub): Promise<number> =>
  (await octokit.repos.createRelease({ ...shop, tag_name: 'v2', draft: true })).data.id

const firstRelease = 1

export const releaseProbes = {
  'release-of-other-workflows': over(async ({ github, octokit }) => {
    const old = await github.commit('main', { '.github/workflows/a.yml': 'on: push' }, 'One')
    await github.commit('main', { '.github/workflows/a.yml': 'on: release' }, 'Two')
    return refused(404, octokit.repos.createRelease({ ...shop, tag_name: 'v1', target_commitish: old }))
  }),
  'release-makes-tag': released(({ octokit }) =>
    refused(200, octokit.git.getRef({ ...shop, ref: 'tags/v1' })),
  ),
  'release-tag-is-single': released(({ octokit }) =>
    refused(422, octokit.repos.createRelease({ ...shop, tag_name: 'v1' })),
  ),
  'draft-has-no-tag': released(async (probed) => {
    await drafted(probed)
    return refused(404, probed.octokit.repos.getReleaseByTag({ ...shop, tag: 'v2' }))
  }),
  'release-is-immutable': released(async ({ github }) => github.releases[0]?.immutable === true),
  'immutable-files-are-fixed': released((probed) => refused(422, upload(probed, firstRelease, 'a.txt'))),
  'immutable-tag-is-fixed': released(({ octokit }) =>
    refused(422, octokit.git.deleteRef({ ...shop, ref: 'tags/v1' })),
  ),
  'immutable-text-may-change': released(({ octokit }) =>
    refused(200, octokit.repos.updateRelease({ ...shop, release_id: firstRelease, body: 'Better words' })),
  ),
  'immutable-tag-is-burned': released(async ({ octokit }) => {
    await octokit.repos.deleteRelease({ ...shop, release_id: firstRelease })
    await octokit.git.deleteRef({ ...shop, ref: 'tags/v1' })
    return refused(422, octokit.repos.createRelease({ ...shop, tag_name: 'v1' }))
  }),
  'file-digest': released(async (probed) => {
    const { data } = await upload(probed, await drafted(probed), 'a.txt')
    return 'digest' in data && String(data.digest).startsWith('sha256:')
  }),
  'file-name-is-single': released(async (probed) => {
    const draft = await drafted(probed)
    await upload(probed, draft, 'a.txt')
    return refused(422, upload(probed, draft, 'a.txt'))
  }),
  'file-name-letters': released(
    async (probed) => (await upload(probed, await drafted(probed), 'two words')).data.name === 'two.words',
  ),
  'release-body-length': released(({ octokit }) =>
    refused(422, octokit.repos.createRelease({ ...shop, tag_name: 'v2', body: 'x'.repeat(125_001) })),
  ),
  'notes-need-previous-tag': released(({ octokit }) =>
    refused(404, octokit.repos.generateReleaseNotes({ ...shop, tag_name: 'v1', previous_tag_name: 'v0' })),
  ),
}
