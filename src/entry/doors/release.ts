import { release } from '../../pipeline/release/publish.ts'
import type { Released } from '../../pipeline/release/request.ts'
import { logLine } from '../../report/outcome/log-lines.ts'
import { checksums, releaseResult } from '../../report/releases/release-output.ts'
import { releaseSummary } from '../../report/releases/release-summary.ts'
import type { ReleaseView } from '../../report/releases/release-view.ts'
import { counted } from '../../report/text/markdown.ts'
import type { Hands } from '../run/hands.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Makes a release. It deploys nothing: where it goes next is handed on to another job. */
export async function releaseDoor(hands: Hands<'release'>): Promise<void> {
  const { inputs, ports, config, doer, stop, app } = hands
  const making = { ...inputs.making, app, configPath: inputs.config }
  tell(hands, await release(ports, config, making, doer, stop))
}

function tell(
  { inputs, ports, runner }: Hands<'release'>,
  { manifest, sha256, stored, advice, resumed }: Released,
): void {
  const { url, immutable, prerelease } = stored
  const view: ReleaseView = {
    ...{ manifest, sha256, url, immutable, prerelease, advice, resumed },
    deployTo: inputs.making.deployAfter,
    compare: `${runner.serverUrl}/${runner.repository}/compare`,
  }
  for (const words of advice) ports.voice.warning(manifest.tag, words)
  ports.voice.line(
    logLine(
      `Released: ${manifest.tag} of ${manifest.commit}, ${counted(manifest.artifacts.length, 'artifact')}, ${url}`,
    ),
  )
  addSummary(releaseSummary(view))
  tellOutputs({
    outcome: 'released',
    release: manifest.tag,
    sha: manifest.commit,
    'deploy-to': inputs.making.deployAfter ?? '',
    manifest: sha256,
    checksums: checksums(view),
    url,
    result: JSON.stringify(releaseResult(view)),
  })
}
