import { calledRules } from './workflow/called.ts'
import { concurrencyRules } from './workflow/concurrency.ts'
import { environmentRules } from './workflow/environments.ts'
import { fileRules } from './workflow/files.ts'
import { formRules } from './workflow/forms.ts'
import { identityRules } from './workflow/identity.ts'
import { runRules } from './workflow/runs.ts'

/** The rules by which GitHub turns a workflow file into runs, jobs, contexts and waits. */
export const workflowRules = {
  ...calledRules,
  ...environmentRules,
  ...formRules,
  ...concurrencyRules,
  ...fileRules,
  ...identityRules,
  ...runRules,
}
