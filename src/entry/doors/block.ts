import { block } from '../../pipeline/act/block.ts'
import { policyText } from '../../pipeline/plan/survey.ts'
import { blockLines, blockOutcome, blockResult, blockSummary } from '../../report/act/block-report.ts'
import { problemLine } from '../../report/text/problem-text.ts'
import type { Hands } from '../run/hands.ts'
import { voice } from '../run/wire.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Blocks a release in one environment or in all, until the block is removed. The serving release keeps serving. */
export async function blockDoor(hands: Hands<'block'>): Promise<void> {
  const { inputs, ports, config, app, runner, doer } = hands
  const { environment, what, reason, unblock } = inputs
  const source = await policyText(ports.repository, inputs.config)
  const policies =
    environment === null ? config.readPolicies(source) : [config.readPolicy(source, environment)]
  const blocking = { ...what, reason, by: runner.actor, unblock }
  const blocked = await block(ports, policies[0]?.app ?? app, policies, blocking, doer)
  const { thing } = blocked
  const view = { ...blocked, ...blocking, run: runner.run.url, now: ports.clock.now().toISOString() }
  for (const line of blockLines(view)) ports.voice.line(line)
  addSummary(blockSummary(view))
  tellOutputs({
    outcome: blockOutcome(view),
    release: thing.kind === 'release' ? thing.tag : '',
    sha: thing.kind === 'release' ? thing.sha : thing.commit,
    result: JSON.stringify(blockResult(view)),
  })
  for (const { environment: name, problem } of blocked.environments) {
    if (problem === null) continue
    voice.error(`${name} was left as it is`, problemLine(problem))
    tellOutputs({ 'reason-code': problem.code })
    process.exitCode = 1
  }
}
