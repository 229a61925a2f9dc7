import type { RuleKeptBy } from '../../../src/sandbox/rules/table.ts'
import { holdEachRule, type Probe } from '../../sandbox/rules/holds.ts'
import { calledProbes } from './called.ts'
import { concurrencyProbes } from './concurrency.ts'
import { environmentProbes } from './environments.ts'
import { formProbes } from './forms.ts'
import { runnerProbes } from './runner.ts'
import { runProbes } from './runs.ts'

/** The compiler refuses a rule without a probe. */
const probes: Readonly<Record<RuleKeptBy<'workflow' | 'runner'>, Probe>> = {
  ...calledProbes,
  ...environmentProbes,
  ...formProbes,
  ...concurrencyProbes,
  ...runProbes,
  ...runnerProbes,
}

holdEachRule(probes)
