import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { tellingOf } from '../../domain/schedule/issue.ts'
import { type Told, tellIssue } from '../../pipeline/run/issue.ts'
import { issueKey, issueText, issueTitle } from '../../report/outcome/issue-text.ts'
import { standingOf, stateOf } from '../../report/outcome/view.ts'
import type { Hands } from '../run/hands.ts'
import { viewOf } from './pages.ts'

/** Opens or updates the issue of the environment, where its policy says so, and closes it once the release serves. */
export async function callByIssue(hands: Hands, ledger: Ledger, deployment: Underway): Promise<void> {
  const { environment, app } = deployment.plan
  const policy = environment.issues
  if (policy === null) return
  const view = await viewOf(hands, ledger, deployment)
  const now = standingOf(view)
  const { serverUrl, repository } = hands.runner
  const records = `${serverUrl}/${repository}/deployments/${encodeURIComponent(environment.name)}`
  const told = await tellIssue(hands.ports, {
    place: { app, environment: environment.name },
    telling: tellingOf(stateOf(view, now), policy, {
      mode: deployment.plan.mode,
      interrupted: now.interrupted,
    }),
    policy,
    key: issueKey(view),
    title: issueTitle(view),
    text: issueText(view, records),
  })
  if (told !== null) hands.ports.voice.line(toldInWords(told))
}

export function toldInWords({ issue, how }: Told): string {
  switch (how) {
    case 'opened':
      return `opened issue #${issue}`
    case 'told':
      return `told on issue #${issue}`
    case 'closed':
      return `closed issue #${issue}: the release serves`
  }
}
