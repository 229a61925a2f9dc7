import { emptyLedger, type Ledger } from '../../domain/ledger/ledger.ts'
import { ruleOf } from '../../domain/question/gate.ts'
import type { ShownPlan } from '../../domain/shown/shown-plan.ts'
import type { Request } from '../plan/request.ts'
import type { LedgerStore } from '../ports.ts'
import { type Concluded, conclude } from '../run/drive.ts'
import { openSession } from '../run/session.ts'
import type { ActingRun } from './acting-run.ts'
import { approach } from './approach.ts'
import { approvalOf, begin } from './deploy.ts'

/**
 * Builds a release as its deployment to an environment would. That changes nothing in the environment, so the
 * build neither waits for it nor holds it, takes no number and leaves nothing in its history. With named
 * approvers a build is a deployment like any other, because their question needs a place: the ledger.
 */
export async function buildOnly(
  run: ActingRun,
  request: Request,
  shown: ShownPlan | null,
): Promise<Concluded> {
  const { ports, config, doer, stop } = run
  const approached = await approach(ports, config, request, shown, doer)
  if (approached.kind !== 'planned') throw new Error('a build is planned wherever its release serves')
  const { plan, passage, surveyed } = approached
  if (ruleOf(plan).kind === 'named') return begin(run, approached)
  const { serving } = surveyed.kept.ledger
  const deployment = {
    number: 0,
    plan,
    journal: [],
    holder: doer.run,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  }
  const ledger = { ...emptyLedger(plan.app, plan.environment.name), serving, deployment }
  const session = openSession({ head: 'nowhere', ledger }, { ...ports, ledgers: nowhere(ledger) })
  return conclude({ ports, plan, session, stop, ...approvalOf(passage) }, doer.run)
}

/** A build is never resumed: another one finds the artifact by `unless`. */
const nowhere = (ledger: Ledger): LedgerStore => ({
  read: async () => ({ head: 'nowhere', ledger }),
  tips: async () => ({ ledger: 'nowhere', asks: null }),
  neighbours: async () => [],
  append: async () => 'nowhere',
})
