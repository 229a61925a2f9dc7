import { emptyLedger, type Ledger } from '../domain/ledger.ts'
import type { Plan } from '../domain/plan.ts'
import type { Stop } from './context.ts'
import { refuseIfChanged, refuseIfRefused } from './deploy.ts'
import type { Doer } from './hold.ts'
import type { LedgerStore, Ports } from './ports.ts'
import { openSession } from './session.ts'
import { type Concluded, conclude } from './settle.ts'
import { type ConfigReader, type Request, survey } from './survey.ts'

/**
 * Builds a release as its deployment to an environment would. That changes nothing there, so that it neither waits for
 * the environment nor holds it, takes no number and leaves nothing in its history.
 */
export async function buildOnly(
  ports: Ports,
  config: ConfigReader,
  request: Request,
  planned: Plan | null,
  doer: Doer,
  stop: Stop,
): Promise<Concluded> {
  const { planning, kept } = await survey(ports, config, request, planned)
  if (planning.kind !== 'planned') throw new Error('a build is planned wherever its release serves')
  const { plan } = planning
  refuseIfRefused(plan)
  if (planned !== null) refuseIfChanged(planned, plan)
  const { serving } = kept.ledger
  const deployment = { number: 0, plan, journal: [], holder: doer.run, record: null, preDeploy: null }
  const ledger = { ...emptyLedger(plan.app, plan.environment.name), serving, deployment }
  const session = openSession({ head: 'nowhere', ledger }, { ...ports, ledgers: nowhere(ledger) })
  return conclude({ ports, plan, session, stop }, doer.run)
}

/** Nobody goes on with a build: another one finds what is there by `unless`. */
const nowhere = (ledger: Ledger): LedgerStore => ({
  read: async () => ({ head: 'nowhere', ledger }),
  tip: async () => 'nowhere',
  append: async () => 'nowhere',
})
