import type { RuleKeptBy } from '../../../src/sandbox/rules/table.ts'
import { deploymentProbes } from './deployments.ts'
import { environmentProbes } from './environments.ts'
import { eventProbes } from './events.ts'
import { holdEachRule, type Probe } from './holds.ts'
import { limitProbes } from './limits.ts'
import { referenceProbes } from './references.ts'
import { releaseProbes } from './releases.ts'
import { tokenProbes } from './tokens.ts'

const probes: Readonly<Record<RuleKeptBy<'server'>, Probe>> = {
  ...tokenProbes,
  ...limitProbes,
  ...referenceProbes,
  ...releaseProbes,
  ...deploymentProbes,
  ...environmentProbes,
  ...eventProbes,
}

holdEachRule(probes)
