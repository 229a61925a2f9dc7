import type { RuleKeptBy } from '../../../src/sandbox/rules/table.ts'
import { deploymentProbes } from './deployments.ts'
import { holdEachRule, type Probe } from './holds.ts'

const probes: Readonly<Record<RuleKeptBy<'server'>, Probe>> = {
  ...deploymentProbes,
}

holdEachRule(probes)
