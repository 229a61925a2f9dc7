import type { InForce } from '../../rules/in-force.ts'
import type { Annotation, StepLeft } from '../site/machine.ts'

/** The longest text that Linux takes as one variable, with its name. */
const longestVariable = 131_071
const longestSummary = 1_048_576
const mostAnnotations = 10
const longestAnnotation = 4_096

const bytes = (text: string): number => Buffer.byteLength(text)

/** The variable that keeps a process from being started, if there is one. */
export function tooLong(env: Readonly<Record<string, string>>, inForce: InForce): string | undefined {
  if (!inForce('input-131071-bytes')) return undefined
  return Object.entries(env).find(([name, value]) => bytes(`${name}=${value}`) > longestVariable)?.[0]
}

/** The variables in which an action reads its inputs. */
export const inputVariables = (inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  )

/** The end of a step, as far as GitHub shows it. */
export function shownEnd(left: StepLeft, masks: readonly string[], inForce: InForce): StepLeft {
  const end = inForce('masks-in-log') ? masked(left, masks) : left
  const annotations = inForce('annotations-10-a-step') ? firstOfEach(end.annotations) : end.annotations
  if (bytes(end.summary) <= longestSummary || !inForce('summary-1-mib')) return { ...end, annotations }
  const message = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(bytes(end.summary) / 1024)}k.`
  return { ...end, summary: '', annotations: [...annotations, { level: 'error', message }] }
}

function masked(left: StepLeft, masks: readonly string[]): StepLeft {
  const lines = masks.flatMap((mask) => mask.split('\n')).filter((line) => line.trim() !== '')
  const hide = (text: string): string => lines.reduce((shown, line) => shown.replaceAll(line, '***'), text)
  return {
    ...left,
    log: left.log.map(hide),
    summary: hide(left.summary),
    annotations: left.annotations.map((each) => ({ ...each, message: hide(each.message) })),
  }
}

function firstOfEach(annotations: readonly Annotation[]): Annotation[] {
  const counted = { error: 0, warning: 0, notice: 0 }
  return annotations
    .filter(({ level }) => {
      counted[level] += 1
      return counted[level] <= mostAnnotations
    })
    .map((each) => ({ ...each, message: each.message.slice(0, longestAnnotation) }))
}
