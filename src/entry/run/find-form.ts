import type { Runner } from '../../inputs/runner.ts'
import type { Repository } from '../../pipeline/ports.ts'
import { type Form, type FormKind, formAt, formInRef, wholeForm } from '../../report/form/form.ts'

/** The form that pages name. */
export interface Forms {
  /** The form that this run came from; null for a run of any other workflow. */
  readonly own: Form | null
  /** Finds the form that takes answers, with at most one request. */
  find(): Promise<Form>
}

/**
 * A run of a form names that one. Any other run, like the clock or a pipeline of the user's own, looks once if the default
 * branch has the one form, because GitHub offers forms from there. A repository without it is of 0.1.0, or has separate
 * buttons: its form that takes answers has the name that 0.1.0 asked for.
 */
export function formsOf(repository: Pick<Repository, 'file'>, runner: Runner): Forms {
  const own = formInRef(runner.workflow)
  let sought: Promise<FormKind> | null = null
  return {
    own: own === null ? null : formAt(runner, own),
    find: async () => {
      sought ??= own === null ? seek(repository) : Promise.resolve(own)
      return formAt(runner, await sought)
    },
  }
}

async function seek(repository: Pick<Repository, 'file'>): Promise<FormKind> {
  const reading = await repository.file(wholeForm, null)
  return reading.kind === 'found' ? 'whole' : 'decide'
}
