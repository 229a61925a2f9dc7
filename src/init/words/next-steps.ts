import type { EnvironmentWanted, SetUpAnswers } from '../answers.ts'
import type { Draft } from '../draft.ts'
import { shellWord } from '../script/quote.ts'

/** The facts that the next steps are written from. */
export interface NextFacts {
  readonly answers: SetUpAnswers
  readonly draft: Draft
  readonly written: readonly string[]
  readonly branch: string
  /** True if the config is the one that was written: its script is then in use. */
  readonly ownConfig: boolean
  /** False for callers of the reusable workflows, which have a form each. */
  readonly form: boolean
}

/** The reach of callers, in one paragraph. */
export const callersReach =
  'These callers reach secrets of environments and self-hosted runners only where the repository and Rollgate have the same owner:\nput a copy of Rollgate under yours, and its name behind uses:. Across owners the form works: rollgate init without --reusable.'

/** Returns what a person does next, in order: numbered, and each line of a command by itself. */
export function nextSteps(facts: NextFacts): string[] {
  const { answers, draft, branch } = facts
  const steps: string[][] = [
    ...fillIn(facts),
    [
      'Look at .github/rollgate.yml, then check what git keeps; a shell cannot start the script without its mode:',
      `  git add ${['.github', draft.script.path]
        .filter((path) => !path.startsWith('.github/'))
        .map(shellWord)
        .join(' ')}`,
      `  git update-index --chmod=+x ${shellWord(draft.script.path)}`,
      '  npx github:rollgate/rollgate check',
    ],
    [`Commit and push to ${branch}:`, `  git commit -m 'Deploy with Rollgate' && git push`],
    ...answers.environments.map((one) => environmentStep(one, answers)),
    ...answers.environments.map((one) => clockStep(one, branch)),
    secretStep(draft, answers),
    [
      `A runner with the label ${answers.runsOn.join(', ')}, which reaches what it deploys: Settings, Actions, Runners.`,
    ],
    [
      'The first release, and its deployment:',
      '  git tag v1.0.0 && git push origin v1.0.0',
      `  gh workflow run ${facts.form ? 'rollgate.yml -f do=deploy' : 'rollgate-deploy.yml'} -f ${shellWord(`environment=${answers.environments[0]?.name ?? 'production'}`)} -f release=v1.0.0`,
    ],
  ]
  return [
    'Next:',
    ...steps.flatMap(([first = '', ...more], at) => [
      `  ${at + 1}. ${first}`,
      ...more.map((line) => `   ${line}`),
    ]),
    '',
    ...(facts.form ? [] : [callersReach, '']),
    'In a public repository everybody reads the ledger (refs/rollgate/**), the names and addresses of hosts, every plan and',
    'every log. Keep a self-hosted runner of a public repository for this alone, and have the approval of forks turned on.',
  ]
}

function fillIn({ draft, ownConfig }: NextFacts): string[][] {
  if (!ownConfig || draft.guarded.length === 0) return []
  return [
    [
      `Fill in ${draft.script.path}; each of these ends with exit code 64 until then:`,
      ...draft.guarded.map((does) => `  - ${does}`),
    ],
  ]
}

function environmentStep({ name, class: stake }: EnvironmentWanted, { approvers }: SetUpAnswers): string[] {
  const path = `repos/{owner}/{repo}/environments/${encodeURIComponent(name)}`
  if (stake !== 'production' || approvers.length > 0)
    return [`The environment ${name}:`, `  gh api --method PUT ${shellWord(path)}`]
  return [
    `The environment ${name}, with you as its reviewer (a private repository needs GitHub Enterprise for that; without it`,
    '  name people: requires: { approval: { from: [login] } } in the config):',
    `  gh api --method PUT ${shellWord(path)} -F 'reviewers[][type]=User' -F "reviewers[][id]=$(gh api user --jq .id)"`,
  ]
}

/** The clock runs without reviewers, so that its environment is one of its own, open to one branch. */
function clockStep({ name }: EnvironmentWanted, branch: string): string[] {
  const path = `repos/{owner}/{repo}/environments/${encodeURIComponent(`${name}-watch`)}`
  return [
    `The environment ${name}-watch, in which the clock works without a reviewer, for ${branch} alone:`,
    `  gh api --method PUT ${shellWord(path)} -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
    `  gh api --method POST ${shellWord(`${path}/deployment-branch-policies`)} -f ${shellWord(`name=${branch}`)}`,
  ]
}

function secretStep({ variables }: Draft, { environments }: SetUpAnswers): string[] {
  const file = (name: string): string => shellWord(`${name}.env`)
  return [
    'The secret ROLLGATE_ENV of each environment, NAME=value a line, from a file outside of git:',
    ...(variables.length === 0 ? [] : [`  the names of the app's example: ${variables.join(', ')}`]),
    ...environments.flatMap(({ name }) => [
      `  gh secret set ROLLGATE_ENV --env ${shellWord(name)} < ${file(name)}`,
      `  gh secret set ROLLGATE_ENV --env ${shellWord(`${name}-watch`)} < ${file(name)}`,
    ]),
  ]
}
