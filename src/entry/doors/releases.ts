import { listReleases } from '../../pipeline/look/releases.ts'
import { releasesLines } from '../../report/releases/lines.ts'
import { releasesResult } from '../../report/releases/output.ts'
import { releasesSummary } from '../../report/releases/summary.ts'
import type { ReleasesView } from '../../report/releases/view.ts'
import type { Hands } from '../run/hands.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Lists the releases, and for an environment the possible targets. Changes nothing. */
export async function releasesDoor(hands: Hands<'releases'>): Promise<void> {
  const { inputs, ports, config, app, runner } = hands
  const asked = {
    environment: inputs.environment,
    app,
    configPath: inputs.config,
    limit: inputs.limit,
  }
  const listing = await listReleases(ports, config, asked)
  const view: ReleasesView = { ...listing, run: runner.run.url, now: ports.clock.now().toISOString() }
  for (const line of releasesLines(view)) ports.voice.line(line)
  addSummary(releasesSummary(view))
  const memory = listing.environments.find(({ name }) => name === asked.environment)?.memory
  const serving = memory?.kind === 'read' ? memory.ledger.serving : null
  tellOutputs({
    outcome: 'looked',
    release: serving?.release.tag ?? '',
    sha: serving?.release.sha ?? '',
    result: JSON.stringify(releasesResult(view)),
  })
}
