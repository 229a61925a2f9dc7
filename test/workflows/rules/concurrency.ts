import { inForce, type RulesOff } from '../../../src/sandbox/rules/in-force.ts'
import { concurrencyGroups, type GroupMember } from '../../../src/sandbox/workflows/run/concurrency.ts'
import type { Probe } from '../../sandbox/rules/holds.ts'

/** Lets members into one group one after another. Returns how each stands then. */
async function standing(
  members: readonly (Partial<GroupMember> & { readonly group?: string })[],
  rules: RulesOff,
): Promise<readonly string[]> {
  const groups = concurrencyGroups(inForce(rules))
  const stands = members.map(() => 'pending')
  for (const [at, { group = 'deploy', ...member }] of members.entries()) {
    const whole = { queue: 'single', cancelInProgress: false, cancel: () => {}, ...member } as const
    void groups.enter(group, whole).then((how) => {
      stands[at] = how
    })
  }
  await new Promise((resolve) => setImmediate(resolve))
  return stands
}

export const concurrencyProbes = {
  'concurrency-one-pending': async (rules) =>
    (await standing([{}, {}, {}], rules)).join() === 'entered,cancelled,pending',
  'concurrency-queue-max': async (rules) => {
    const stands = await standing(Array(102).fill({ queue: 'max' }), rules)
    return stands[100] === 'pending' && stands[1] === 'pending' && stands[101] === 'cancelled'
  },
  'concurrency-cancels-in-progress': async (rules) => {
    let cancelled = false
    const first = {
      cancel: () => {
        cancelled = true
      },
    }
    await standing([first, { cancelInProgress: true }], rules)
    return cancelled
  },
  'concurrency-names-ignore-case': async (rules) =>
    (await standing([{ group: 'Deploy' }, { group: 'deploy' }], rules)).join() === 'entered,pending',
} satisfies Readonly<Record<string, Probe>>
