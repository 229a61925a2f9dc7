import { mistakesIn } from '../file/parser.ts'
import type { ActionsSite } from '../site/actions-site.ts'
import { excess, type Grants, grantsOf } from '../site/grants.ts'
import { type JobFile, parseWorkflow, type WorkflowFile } from '../workflow-file.ts'
import { calledFile, type PlacedFile } from './called-file.ts'
import { callMistakes, mostInputs } from './inputs.ts'

const mostCalls = 50
const mostLevels = { 'github.com': 10, 'enterprise-server': 4 } as const

/** Everything for which GitHub refuses a run before a job of it starts, whatever the conditions of its jobs. */
export async function startupProblems(
  site: ActionsSite,
  file: PlacedFile,
  granted: Grants,
): Promise<string[]> {
  const calls = { count: 0 }
  const problems = await problemsOf(site, file, granted, 1, calls)
  const tooMany = calls.count > mostCalls && site.inForce('called-50-workflows')
  return tooMany
    ? [...problems, `This run calls ${calls.count} workflows, and at most ${mostCalls} are allowed.`]
    : problems
}

async function problemsOf(
  site: ActionsSite,
  placed: PlacedFile,
  granted: Grants,
  level: number,
  calls: { count: number },
): Promise<string[]> {
  if (level > mostLevels[site.product] && site.inForce('called-levels'))
    return [`${placed.path}: workflows are nested too deeply: at most ${mostLevels[site.product]} levels.`]
  // A workflow that calls itself would never end where the rule is switched off.
  if (level > 20) return []
  const mistakes = site.inForce('parsed-by-github') ? await mistakesIn(placed.path, placed.text) : []
  if (mistakes.length > 0) return [...mistakes]
  const file = parseWorkflow(placed.text)
  const problems = formProblems(site, placed.path, file)
  for (const job of Object.values(file.jobs)) {
    const asked = grantsOfJob(job, file, granted)
    if (level > 1 && site.inForce('called-permissions-downgraded'))
      problems.push(
        ...excess(asked, granted).map((what) => `Error calling workflow '${placed.path}'. It is ${what}.`),
      )
    if (job.uses === undefined) continue
    calls.count += 1
    const called = calledFile(site, job.uses, placed)
    if (called === undefined)
      problems.push(`error parsing called workflow "${job.uses}": workflow was not found.`)
    else
      problems.push(
        ...callProblems(site, job, parseWorkflow(called.text)),
        ...(await problemsOf(site, called, asked, level + 1, calls)),
      )
  }
  return problems
}

/** The permissions of a job's token: its own, else those of the file, else all that may be granted. */
export const grantsOfJob = (job: JobFile, file: WorkflowFile, granted: Grants): Grants => {
  const asked = job.permissions ?? file.permissions
  return asked === undefined ? granted : grantsOf(asked)
}

function formProblems({ inForce }: ActionsSite, path: string, file: WorkflowFile): string[] {
  const inputs = Object.keys(file.on.workflow_dispatch?.inputs ?? {}).length
  return inputs > mostInputs && inForce('form-25-inputs')
    ? [`${path}: workflow_dispatch has ${inputs} inputs, and at most ${mostInputs} are allowed.`]
    : []
}

function callProblems({ inForce }: ActionsSite, job: JobFile, called: WorkflowFile): string[] {
  const call = called.on.workflow_call
  if (call === undefined) return [`${job.uses} is not a reusable workflow: it has no workflow_call.`]
  return [
    ...callMistakes(call ?? {}, job.with ?? {}, inForce),
    ...secretMistakes(job, call?.secrets ?? {}, inForce),
  ]
}

function secretMistakes(
  { secrets = {} }: JobFile,
  declared: Readonly<Record<string, { readonly required?: boolean } | null>>,
  inForce: ActionsSite['inForce'],
): string[] {
  if (secrets === 'inherit' || !inForce('called-secrets-declared')) return []
  const unknown = Object.keys(secrets).filter((name) => !(name in declared))
  const missing = Object.entries(declared).filter(
    ([name, own]) => own?.required === true && !(name in secrets),
  )
  return [
    ...unknown.map((name) => `Invalid secret, ${name} is not defined in the referenced workflow.`),
    ...missing.map(([name]) => `Secret ${name} is required, but not provided while calling.`),
  ]
}
