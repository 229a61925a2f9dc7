import { inForce, type RulesOff } from '../../../src/sandbox/rules/in-force.ts'
import { concurrencyGroups } from '../../../src/sandbox/workflows/run/concurrency.ts'
import {
  type GateKeeper,
  gateKeeper,
  type Protection,
  unprotected,
  type WaitingJob,
} from '../../../src/sandbox/workflows/site/gate-keeper.ts'
import { noRegister } from '../../../src/sandbox/workflows/site/run-register.ts'
import type { Probe } from '../../sandbox/rules/holds.ts'
import { form, job, type ProbedRun, probed, probedSite } from './probed-run.ts'

const gated = (more: object = {}) => job({ environment: { name: 'production', deployment: false }, ...more })

/** Runs one job in an environment with this protection, and with these reviewers. */
const through = (
  protection: Partial<Protection>,
  rules: RulesOff,
  review: GateKeeper['review'] = async () => ({ by: 'rhea', state: 'approved' }),
  inner: object = gated(),
): Promise<ProbedRun> =>
  probed(
    {
      workflow: form({ act: inner }),
      site: { gates: gateKeeper({ production: { ...unprotected, ...protection } }, review) },
    },
    rules,
  )
const failed = async (run: Promise<ProbedRun>): Promise<boolean> => (await run).conclusion === 'failure'
const reviewed = { reviewers: ['rhea', 'dora'] }

export const environmentProbes = {
  'environment-created': async (rules) => {
    const gates = gateKeeper({}, async () => null)
    const { conclusion } = await probed({ workflow: form({ act: gated() }), site: { gates } }, rules)
    return conclusion === 'success' && gates.names.includes('production')
  },
  'environment-ref-policy': (rules) => failed(through({ refs: ['refs/tags/v*'] }, rules)),
  'deployment-false-makes-none': async (rules) => {
    const made: string[] = []
    const register = { ...noRegister, deployed: (_run: unknown, name: string) => void made.push(name) }
    await probed({ workflow: form({ act: gated() }), site: { register } }, rules)
    return made.length === 0
  },
  'deployment-false-custom-rule': (rules) => failed(through({ customRule: true }, rules)),
  'approvals-in-batches': async (rules) => {
    const asked: (readonly WaitingJob[])[] = []
    const gates = gateKeeper({ production: { ...unprotected, ...reviewed } }, async (waiting) => {
      asked.push(waiting)
      return { by: 'rhea', state: 'approved' }
    })
    await probed({ workflow: form({ one: gated(), other: gated() }), site: { gates } }, rules)
    return asked.length === 1 && asked[0]?.length === 2
  },
  'approval-30-days': (rules) => failed(through(reviewed, rules, async () => null)),
  'reviewer-must-be-named': (rules) =>
    failed(through(reviewed, rules, async () => ({ by: 'eve', state: 'approved' }))),
  'self-review-prevented': (rules) =>
    failed(
      through({ ...reviewed, preventSelfReview: true }, rules, async () => ({
        by: 'dora',
        state: 'approved',
      })),
    ),
  'rejection-fails': (rules) =>
    failed(through(reviewed, rules, async () => ({ by: 'rhea', state: 'rejected' }))),
  'approval-holds-group': async (rules) => {
    let asked: () => void = () => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    let approve: () => void = () => {}
    const review: GateKeeper['review'] = () => {
      asked()
      return new Promise((answer) => {
        approve = () => answer({ by: 'rhea', state: 'approved' })
      })
    }
    const workflow = form({ act: gated() }, { concurrency: 'deploy' })
    const gates = gateKeeper({ production: { ...unprotected, ...reviewed } }, review)
    const { site, start } = probedSite(
      { workflow, site: { gates, groups: concurrencyGroups(inForce(rules)) } },
      rules,
    )
    const first = start().ended
    await isAsked
    const place = { queue: 'single', cancelInProgress: false, cancel: () => {} } as const
    const second = site.groups.enter('deploy', place)
    const free = await Promise.race([
      second,
      new Promise((resolve) => setImmediate(() => resolve('pending'))),
    ])
    site.groups.leave('deploy', place)
    approve()
    await first
    return free === 'pending'
  },
} satisfies Readonly<Record<string, Probe>>
