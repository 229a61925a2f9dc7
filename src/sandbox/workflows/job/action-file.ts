import { parse } from 'yaml'
import type { ActionsSite } from '../site/actions-site.ts'
import type { ActionReference } from '../site/machine.ts'
import type { StepFile } from '../workflow-file.ts'

/** The file `action.yml` of an action. */
export interface ActionFile {
  readonly inputs?: Readonly<
    Record<string, { readonly default?: unknown; readonly required?: boolean } | null>
  >
  readonly outputs?: Readonly<Record<string, { readonly value?: string }>>
  readonly runs:
    | { readonly using: 'composite'; readonly steps: readonly StepFile[] }
    | { readonly using: string; readonly main: string; readonly post?: string }
}

/** The names that the file of an action may have. */
export const actionFileNames = ['action.yml', 'action.yaml']

export const parseAction = (text: string): ActionFile => parse(text) as ActionFile

/** Reads the action of another repository; undefined where the repository is unknown here. */
export function readAction({ repositories }: ActionsSite, action: ActionReference): ActionFile | undefined {
  if (action.kind === 'workspace') return undefined
  const source = repositories[action.repository]
  const folder = action.path === '' ? '' : `${action.path}/`
  const texts = actionFileNames.map((name) => source?.read(folder + name, action.ref))
  const text = texts.find((each) => each !== undefined)
  return text === undefined ? undefined : parseAction(text)
}

/** Reads `uses:` of a step in a file of this repository. */
export function referenceOf(
  uses: string,
  from: { readonly repository: string; readonly ref: string },
): ActionReference {
  if (uses.startsWith('./')) return { kind: 'workspace', path: uses.slice(2) }
  if (uses.startsWith('$/')) return { kind: 'repository', ...from, path: uses.slice(2) }
  const [, repository, path = '', ref] = /^([^/@]+\/[^/@]+)(?:\/([^@]+))?@(.+)$/.exec(uses) ?? []
  if (repository === undefined || ref === undefined) throw new Error(`the sandbox knows no action ${uses}`)
  return { kind: 'repository', repository, path, ref }
}
