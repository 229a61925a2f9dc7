import type { InForce } from '../../rules/in-force.ts'
import type { NamedValues, StoredValues } from '../site/actions-site.ts'
import { sameOwner } from '../site/source-repository.ts'

/** The secrets that one workflow file of a run can read. */
export interface SecretsInReach {
  readonly values: NamedValues
  /** The names that the environment of a job may fill. */
  readonly environment: 'every name' | readonly string[]
}

export const noSecrets: SecretsInReach = { values: {}, environment: [] }

/** The secrets of the workflow that a run was started for. */
export const allSecrets = ({ organisation, repository }: StoredValues): SecretsInReach => ({
  values: { ...organisation, ...repository },
  environment: 'every name',
})

/** A job that calls a workflow, seen from its secrets. */
export interface SecretsPassed {
  /** The repository that the run belongs to, and the one of the called file. */
  readonly caller: string
  readonly called: string
  /** True if a called workflow calls. */
  readonly nested: boolean
  readonly passed: 'nothing' | 'inherit' | NamedValues
}

/** The secrets of a called workflow: those that the call passes, and the border between owners. */
export function secretsOfCalled(
  own: SecretsInReach,
  { caller, called, nested, passed }: SecretsPassed,
  inForce: InForce,
): SecretsInReach {
  const isForeign = !sameOwner(caller, called)
  const reach = passedOn(own, passed, nested, isForeign, inForce)
  return isForeign && inForce('environment-secrets-owner-border') ? { ...reach, environment: [] } : reach
}

function passedOn(
  own: SecretsInReach,
  passed: SecretsPassed['passed'],
  nested: boolean,
  isForeign: boolean,
  inForce: InForce,
): SecretsInReach {
  if (passed === 'inherit') return isForeign && inForce('inherit-owner-border') ? noSecrets : own
  if (passed !== 'nothing')
    return {
      values: passed,
      environment: inForce('environment-secrets-isolated') ? Object.keys(passed) : 'every name',
    }
  if (!inForce(nested ? 'called-secrets-one-level' : 'called-secrets-passed')) return own
  return { values: {}, environment: inForce('environment-secrets-isolated') ? [] : 'every name' }
}

/** The context `secrets` of a job, with those of its environment over the others. */
export function secretsOfJob(
  { values, environment: names }: SecretsInReach,
  { environments }: StoredValues,
  environment: string,
): NamedValues {
  const stored = Object.entries(environments[environment] ?? {})
  const allowed = stored.filter(([name]) => names === 'every name' || names.includes(name))
  return { ...values, ...Object.fromEntries(allowed) }
}

/** The names under `secrets.` that a text of a workflow reads. */
export const secretsNamedIn = (text: unknown): string[] =>
  [...JSON.stringify(text ?? null).matchAll(/\bsecrets\.([A-Za-z_]\w*)/g)].map(([, name = '']) => name)
