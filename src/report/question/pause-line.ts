import { staysWhatever } from '../../domain/journal/steps-back.ts'
import { capacityOf, type Pause } from '../../domain/question/pause.ts'
import { standingOf, startedBy, type View } from '../outcome/view.ts'
import { fromTo } from '../plan/verdict-line.ts'
import { counted, text } from '../text/markdown.ts'

/** Returns the first line of a question: both releases, the person who asked, the capacity left, and what stays whatever the answer is. */
export function inBrief(view: View, pause: Pause): string {
  const { plan } = view
  const now = standingOf(view)
  const stays = plan.steps.filter((step) => staysWhatever(plan, now, step))
  const capacity = capacityOf(pause)
  const people = startedBy(view)
  return [
    fromTo(plan),
    capacity === null ? '' : `**${capacity.available} of ${capacity.total}** are up`,
    stays.length === 0
      ? 'nothing is done that cannot be undone'
      : `${counted(stays.length, 'step')} done that cannot be undone`,
    people.length === 0 ? '' : `asked for by ${people.map(text).join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
}
