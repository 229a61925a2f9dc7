import { release } from '../pipeline/release.ts'
import type { Released } from '../pipeline/release-request.ts'
import { logLine } from '../report/log-lines.ts'
import { counted } from '../report/markdown.ts'
import { checksums, releaseResult } from '../report/release-output.ts'
import { releaseSummary } from '../report/release-summary.ts'
import type { ReleaseView } from '../report/release-view.ts'
import { tellOutputs } from './outputs.ts'
import { addSummary } from './summary.ts'
import type { Hands } from './wire.ts'

/** Makes a release. It deploys nothing: where it goes next is handed on to another job. */
export async function releaseDoor(hands: Hands): Promise<void> {
  const { inputs, ports, config, doer, stop, app } = hands
  const making = { ...inputs.making, app, configPath: inputs.config }
  tell(hands, await release(ports, config, making, doer, stop))
}

function tell(
  { inputs, ports, runner }: Hands,
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
