import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { askersOf } from '../../domain/wave/askers.ts'
import type { Ports } from '../ports.ts'
import type { Doer } from './doer.ts'

/**
 * Returns the doer of a run that a wave has started with the people who brought the release to the environment before:
 * GitHub names its own robot as actor, and `not-self` would bar that alone.
 */
export async function inTheNameOf(
  { ledgers }: Pick<Ports, 'ledgers'>,
  { follows = [] }: Pick<EnvironmentPolicy, 'follows'>,
  { app, environment, release }: Pick<Plan, 'app' | 'environment' | 'release'>,
  doer: Doer,
): Promise<Doer> {
  if (!doer.by.every(isRobot)) return doer
  const before = await Promise.all(follows.map((name) => ledgers.read(app, name)))
  const people = before.flatMap(({ ledger }) => askersOf(ledger, environment.name, release))
  return { ...doer, by: [...new Set([...doer.by, ...people])] }
}

/** GitHub ends the login of an app like this, and gives it to no person. */
const isRobot = (login: string): boolean => login.endsWith('[bot]')
