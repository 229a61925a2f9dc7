import * as z from 'zod/mini'
import { Problem } from '../domain/problem.ts'
import { sectionNames } from '../domain/shown/sections.ts'
import type { ShownPlan } from '../domain/shown/shown-plan.ts'

/** The longest text that the plan command hands over, in characters. */
const longest = 1024

/** Reads the digests that the plan command handed over; null without them. Nothing of the plan itself is taken from an input. */
export function readShownPlan(text: string): ShownPlan | null {
  if (text === '') return null
  const value = parsed(text)
  if (value !== null && typeof value === 'object' && 'steps' in value) throw wholePlan()
  if (text.length > longest)
    throw notShown(`has ${text.length} characters, and the plan command gives at most ${longest}`)
  const { data: version } = z.looseObject({ schema: z.number() }).safeParse(value)
  if (version !== undefined && version.schema !== 2)
    throw notShown(`has schema ${version.schema}, and this Rollgate reads schema 2`)
  const { success, data, error } = shown.safeParse(value)
  if (success) return data as ShownPlan
  throw notShown(wrong(error.issues[0]))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notShown('is no JSON')
  }
}

const commit = z.string().check(z.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))
const section = z.string().check(z.regex(/^[\w-]{16}$/))

const shown = z.strictObject({
  schema: z.literal(2),
  digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  release: commit,
  serving: z.nullable(commit),
  sections: z.strictObject(Object.fromEntries(sectionNames.map((name) => [name, section]))),
})

function wrong(issue: z.core.$ZodIssue | undefined): string {
  const place = issue?.path.join('.') ?? ''
  if (issue?.code !== 'unrecognized_keys')
    return `has a wrong value, or none, at ${place === '' ? 'its root' : place}`
  const [key = ''] = issue.keys
  return `has the key ${JSON.stringify(key)}${place === '' ? '' : ` in ${place}`}, which this Rollgate does not know`
}

const lookAgain = 'Start a new run: it looks again, and shows the plan. Nothing was changed.'

const wholePlan = () =>
  new Problem('input-invalid', {
    what: 'The input plan is a whole plan, as Rollgate 0.1.0 handed it over.',
    why: 'The plan job ran an older version than this job. A plan is made again from its sources, and never taken from an input.',
    next: `Use one version in all jobs of the workflow. ${lookAgain}`,
  })

const notShown = (fact: string) =>
  new Problem('input-invalid', {
    what: `The input plan ${fact}.`,
    why: 'It was changed on the way, or another version of Rollgate wrote it.',
    next: `Give the output plan of the plan command unchanged: needs.plan.outputs.plan. Use one version in all jobs of the workflow. ${lookAgain}`,
  })
