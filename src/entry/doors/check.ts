import { checkResult, checkSummary, findingText } from '../../report/act/check-report.ts'
import { checkConfig } from '../cli/check-config.ts'
import type { Hands } from '../run/hands.ts'
import { voice } from '../run/wire.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Checks the config of the checkout, with an annotation at the line of each finding. Runs no command of it. */
export async function checkDoor({ inputs, runner }: Hands<'check'>): Promise<void> {
  const checked = await checkConfig(runner.workspace, inputs.config, process.env)
  for (const finding of checked.findings) {
    const { path, line, column, weight } = finding
    voice.annotate(weight === 'problem' ? 'error' : 'warning', { path, line, column }, findingText(finding))
  }
  const { serverUrl, repository } = runner
  const tree = `${serverUrl}/${repository}/blob/${process.env.GITHUB_SHA ?? 'HEAD'}`
  addSummary(
    checkSummary(
      checked,
      (path, line) => `${tree}/${path.split('/').map(encodeURIComponent).join('/')}#L${line}`,
    ),
  )
  const result = checkResult(checked)
  tellOutputs({ outcome: 'checked', 'reason-code': result['reason-code'], result: JSON.stringify(result) })
  voice.line(`${checked.path}: ${result.problems} problems, ${result.warnings} warnings`)
  if (result.problems > 0) process.exitCode = 1
}
