import { failureOf, instancesOf, type Pause } from '../../domain/question/pause.ts'
import { checkStep } from '../../domain/step/steps-in.ts'
import { alert, code, text } from '../text/markdown.ts'
import type { View } from './view.ts'

/** Explains that the checks of the serving release did not pass on the new schema, or against the first new instance. */
export const compatibilityAlert = (view: View, pause: Pause): string | null =>
  schemaAlert(view, pause) ?? instanceAlert(view, pause)

/** Explains that the release that serves does not suit the new one; null for any other question. */
function instanceAlert({ plan }: View, pause: Pause): string | null {
  const [instance] = instancesOf(pause)
  if (plan.from === null || instance === undefined || failureOf(pause)?.code !== 'not-compatible') return null
  const [older, newer] = [text(plan.from.tag), text(plan.release.tag)]
  return alert(
    'WARNING',
    `**The checks of ${older} fail against ${code(instance)}, the first new instance, and nothing further is changed.** While both serve, what comes from ${older} may fail at ${newer}.`,
    `Are only the checks wrong? Give them what they lack, and ${code('retry')}. ${code('force-next')} leaves ${code(instance)} as it is and brings ${newer} to the others without them; ${code('exclude')} has the next instance meet them.`,
    `${code('roll-back')} takes ${older} back to ${code(instance)}: then make a release that ${older} works with.`,
  )
}

/** Explains that the checks of the serving release did not pass on the new schema; null for any other question. */
function schemaAlert({ plan }: View, pause: Pause): string | null {
  if (checkStep(plan.steps)?.id !== pause.step || plan.from === null) return null
  const [older, newer] = [text(plan.from.tag), text(plan.release.tag)]
  const shown =
    failureOf(pause)?.code === 'not-compatible'
      ? 'there is no safe rollback'
      : 'whether it works there is not known: its checks came to no end'
  return alert(
    'WARNING',
    `**${older} serves on the schema of ${newer} at this moment, and ${shown}.** The migration has run, and nothing of ${newer} serves yet.`,
    `Is ${older} in trouble with it? ${code('force-next')} brings ${newer}, which knows this schema. Are only the checks wrong? Give them what they lack, and ${code('retry')}.`,
    `${code('roll-back')} and ${code('abandon')} leave ${older} on this schema: nothing of a migration is taken back. Then make a release whose migration ${older} still works with.`,
  )
}
