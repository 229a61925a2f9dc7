import { describeBackup } from '../../domain/backup/backup.ts'
import type { StepAside } from '../../domain/config/detour-recipe.ts'
import type { Question } from '../../domain/question/pause.ts'
import { restoreStep } from '../../domain/step/steps-in.ts'
import { standingOf, type View } from '../outcome/view.ts'
import { blocks, link, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'

/** Tells the person before an inspection where visitors are, and where to look. */
export function inspectionInWords(
  view: View,
  { kind, links, since }: Extract<Question, { kind: 'inspection' | 'revert-inspection' }>,
): string {
  const { from, release, steps } = view.plan
  const isBack = standingOf(view).direction.database === 'restored'
  const older = text(from?.tag ?? '')
  const isNew = kind === 'inspection'
  const there = isNew ? text(release.tag) : older
  return blocks(
    `Visitors are on the stand-in with ${older}${since === '' ? '' : ` since ${moment(since)}`}. Home runs ${there}, and no visitor reaches it. **Nothing has ended**: the detour stays open until an answer.`,
    isNew ? restored(steps) : '',
    steps.flatMap((step) => ('detour' in step ? [meanwhile(step.detour.mode, isBack)] : []))[0] ?? '',
    links.length === 0
      ? `The config names no links to ${there} (\`steps.detour.clone.links\`).`
      : `Look at ${there} here:\n\n${links.map((one) => `- ${link(text(one), one)}`).join('\n')}`,
    kind === 'inspection'
      ? 'A better release does not wait for an answer: `do: roll-forward` with its tag takes it into this detour, on the same stand-in.'
      : '',
  )
}

/** The loss comes before everything else that people look at. */
function restored(steps: View['plan']['steps']): string {
  const backup = restoreStep(steps)?.backup
  return backup === undefined
    ? ''
    : `Home has the database of ${text(describeBackup(backup))}. **With \`complete\`, everything that was written since is lost**; \`revert\` brings back what visitors left.`
}

/** The price of waiting. A database that came back has all writes of the stand-in, which takes none since. */
function meanwhile(mode: StepAside['mode'], isBack: boolean): string {
  const refused = 'Meanwhile visitors only read: their writes are told to come again.'
  if (mode === 'read-only') return refused
  return isBack
    ? `${refused} What they wrote on the stand-in is in the database that came back.`
    : 'Meanwhile visitors write to the stand-in, and **what they write is lost** when they come home.'
}
