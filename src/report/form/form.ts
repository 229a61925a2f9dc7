/** A workflow of the user's repository with the form that a page names. */
export interface Form {
  readonly kind: FormKind
  /** Its name in GitHub's list of workflows. */
  readonly title: string
  /** Address of its page, with the button "Run workflow". */
  readonly url: string
  /** `owner/name` */
  readonly repository: string
  /** Name of its file. */
  readonly workflow: string
}

/** `whole`: the one form for everything. `decide`: the form of 0.1.0 and of separate buttons, which takes answers alone. */
export type FormKind = 'whole' | 'decide'

/** The names of the files with a form. They stand here alone. */
const files: { readonly [K in FormKind]: string } = {
  whole: 'rollgate.yml',
  decide: 'rollgate-decide.yml',
}

const titles: { readonly [K in FormKind]: string } = { whole: 'Rollgate', decide: 'Rollgate decide' }

/** The path of the one form; a repository that has it takes every answer there. */
export const wholeForm = `.github/workflows/${files.whole}`

export const formAt = (
  { serverUrl, repository }: { readonly serverUrl: string; readonly repository: string },
  kind: FormKind,
): Form => ({
  kind,
  title: titles[kind],
  url: `${serverUrl}/${repository}/actions/workflows/${files[kind]}`,
  repository,
  workflow: files[kind],
})

/**
 * Returns the form that the run itself came from; null for a run of another workflow, like the clock, whose name is the same
 * in a repository of 0.1.0. `ref` is GitHub's `owner/name/.github/workflows/rollgate.yml@refs/heads/main`.
 */
export function formInRef(ref: string | null): FormKind | null {
  const [, file] = /\/\.github\/workflows\/([^/@]+)@/.exec(ref ?? '') ?? []
  return kinds.find((kind) => files[kind] === file) ?? null
}

const kinds: readonly FormKind[] = ['whole', 'decide']
