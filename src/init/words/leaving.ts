import { shellWord } from '../script/quote.ts'

/** The traces of Rollgate in a repository, as far as a checkout shows them. */
export interface Traces {
  readonly workflows: readonly string[]
  readonly configs: readonly string[]
  readonly scripts: readonly string[]
  readonly environments: readonly string[]
}

/** Returns how a team leaves Rollgate: it goes by hand, and the records stay. */
export function leaving({ workflows, configs, scripts, environments }: Traces): string[] {
  const files = [...workflows, ...configs]
  return [
    'How to leave Rollgate. Nothing was changed; each step is yours.',
    '',
    '  1. Wait until no deployment is open: rollgate status, or do=status in the form. An open one is ended by its decision.',
    files.length === 0
      ? '  2. Files: none of Rollgate are in this checkout.'
      : `  2. Files: git rm ${files.map(shellWord).join(' ')}`,
    ...(scripts.length === 0
      ? []
      : [
          `     ${scripts.join(', ')}: your deployment. Keep it; it needs nothing of Rollgate but the variables that it names.`,
        ]),
    '  3. Environments, if nothing else uses them; their secrets and reviewers go with them:',
    ...(environments.length === 0 ? ['production'] : environments).flatMap((name) =>
      [name, `${name}-watch`].map(
        (one) =>
          `     gh api --method DELETE ${shellWord(`repos/{owner}/{repo}/environments/${encodeURIComponent(one)}`)}`,
      ),
    ),
    '  4. The secret ROLLGATE_ENV, where it is one of the repository: gh secret delete ROLLGATE_ENV',
    '  5. The ledgers, if they are no longer read. They hold the history, and without them there is no way back:',
    "     git ls-remote origin 'refs/rollgate/*' 'refs/rollgate-*' | cut -f2 | xargs -r -n 1 git push origin --delete",
    '',
    "GitHub's Deployments, releases with their manifests, the runs and their summaries stay, and so does the serving release.",
  ]
}
