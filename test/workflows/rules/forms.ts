import type { Probe } from '../../sandbox/rules/holds.ts'
import { form, isRefused, job, probed } from './probed-run.ts'

const formOf = (inputs: object, given: Readonly<Record<string, unknown>>) => ({
  workflow: { ...form({ act: job() }), on: { workflow_dispatch: { inputs } } },
  event: { name: 'workflow_dispatch', inputs: given } as const,
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
} satisfies Readonly<Record<string, Probe>>
