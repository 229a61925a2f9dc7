import type { ActionsSite } from '../../../src/sandbox/workflows/site/actions-site.ts'
import type { Probe } from '../../sandbox/rules/holds.ts'
import { form, isRefused, job, probed, shop } from './probed-run.ts'

const formOf = (inputs: object, given: Readonly<Record<string, unknown>>) => ({
  workflow: { ...form({ act: job() }), on: { workflow_dispatch: { inputs } } },
  event: { name: 'workflow_dispatch', inputs: given } as const,
})

const aside = 'refs/heads/feature'

/** A repository that has its workflow on another branch alone. */
const elsewhere = (workflow: object): Partial<ActionsSite> => ({
  repositories: {
    [shop]: {
      name: shop,
      folder: null,
      read: (_path, ref) => (ref === aside ? JSON.stringify(workflow) : undefined),
    },
  },
})

export const formProbes = {
  'form-25-inputs': async (rules) => {
    const inputs = Array.from({ length: 26 }, (_, at) => [`input-${at}`, { type: 'string' }])
    const { conclusion } = await probed(formOf(Object.fromEntries(inputs), {}), rules)
    return conclusion === 'startup_failure'
  },
  'form-65535-characters': (rules) =>
    isRefused(formOf({ plan: { type: 'string' } }, { plan: 'x'.repeat(65_536) }), rules),
  'form-inputs-known': (rules) => isRefused(formOf({}, { release: 'v1' }), rules),
  'form-inputs-required': (rules) =>
    isRefused(formOf({ release: { type: 'string', required: true } }, {}), rules),
  'form-input-types': (rules) =>
    isRefused(formOf({ do: { type: 'choice', options: ['deploy'] } }, { do: 'fly' }), rules),
  'form-on-default-branch': (rules) => {
    const workflow = form({ act: job() })
    return isRefused({ workflow, start: { ref: aside }, site: elsewhere(workflow) }, rules)
  },
  'schedule-on-default-branch': (rules) => {
    const workflow = { ...form({ act: job() }), on: { schedule: [{ cron: '0 4 * * *' }] } }
    const event = { name: 'schedule', cron: '0 4 * * *' } as const
    return isRefused({ workflow, event, start: { ref: aside }, site: elsewhere(workflow) }, rules)
  },
} satisfies Readonly<Record<string, Probe>>
