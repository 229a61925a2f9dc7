import type { ApprovalRule, EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Wave } from '../../domain/wave/wave-policy.ts'
import { toNoticeRule } from './commands.ts'
import { toHalt } from './halt.ts'
import type { EnvironmentValue } from './schema/environments.ts'
import { toTimes } from './times.ts'

export function toPolicy(
  app: string | undefined,
  name: string,
  environments: Readonly<Record<string, EnvironmentValue>>,
  written: EnvironmentValue,
): EnvironmentPolicy {
  const { requires } = written
  const stagings = stagingsBeside(name, environments)
  const follows = followedBy(name, environments)
  return {
    app: app ?? null,
    name,
    class: written.class,
    url: written.url ?? null,
    ...(written.logs === undefined ? {} : { logs: written.logs }),
    approval: toApproval(written),
    ...(requires.answers === undefined ? {} : { answers: requires.answers.from }),
    ...(written.rollback?.['not-self'] === undefined
      ? {}
      : { rollbackNotSelf: written.rollback['not-self'] }),
    ...(written.rollback?.['at-least'] === undefined
      ? {}
      : { rollbackAtLeast: written.rollback['at-least'] }),
    unanswered: written.unanswered ?? null,
    freezes: (written.freezes ?? []).map((freeze) => ({
      name: freeze.name,
      times: toTimes(freeze),
      allow: freeze.allow,
    })),
    windows: (written.windows ?? []).map((window) => ({ name: window.name, times: toTimes(window) })),
    freezeOverride: written['freeze-override']?.by ?? [],
    ...toVerifiedIn(requires['verified-in']),
    ...(written.then === undefined
      ? {}
      : { waves: written.then.map((next) => toWave(name, next, environments)) }),
    ...(follows.length === 0 ? {} : { follows }),
    ...(written.class === 'production' && stagings.length > 0 ? { stagings } : {}),
    ...(requires['rehearsed-in'] === undefined ? {} : { rehearsedIn: requires['rehearsed-in'] }),
    ...(requires.detour === undefined ? {} : { requiresDetour: requires.detour }),
    ...(requires.manifest === undefined ? {} : { manifest: requires.manifest }),
    ...(requires.final === undefined ? {} : { final: requires.final }),
    ...(written['requires-variables'] === undefined
      ? {}
      : { requiresVariables: written['requires-variables'] }),
    ...(written.issues === undefined ? {} : { issues: written.issues }),
    ...(written.maintenance === undefined ? {} : { maintenanceAllow: written.maintenance.allow }),
    ...(written.detour === 'absent' ? { detourAbsent: true as const } : {}),
    ...(written.halt === undefined ? {} : { halt: toHalt(written.halt) }),
    ...(written.notify === undefined ? {} : { notify: written.notify.map(toNoticeRule) }),
    ...(written['allow-destructive'] === undefined ? {} : { allowDestructive: written['allow-destructive'] }),
  }
}

/** The next environment may want this one to have kept the release for a time first. */
function toWave(
  name: string,
  environment: string,
  environments: Readonly<Record<string, EnvironmentValue>>,
): Wave {
  const asked = toVerifiedIn(environments[environment]?.requires['verified-in'])
  return { environment, lasts: asked.verifiedIn === name ? (asked.verifiedFor ?? 0) : 0 }
}

/** The environments that name this one in `then`. */
const followedBy = (name: string, environments: Readonly<Record<string, EnvironmentValue>>): string[] =>
  Object.keys(environments).filter((other) => environments[other]?.then?.includes(name))

function toVerifiedIn(
  written: EnvironmentValue['requires']['verified-in'],
): Pick<EnvironmentPolicy, 'verifiedIn' | 'verifiedFor'> {
  if (typeof written !== 'object') return { verifiedIn: written ?? null }
  return {
    verifiedIn: written.environment,
    ...(written.for === undefined ? {} : { verifiedFor: written.for }),
  }
}

const stagingsBeside = (name: string, environments: Readonly<Record<string, EnvironmentValue>>): string[] =>
  Object.entries(environments).flatMap(([other, { class: stake }]) =>
    stake === 'staging' && other !== name ? [other] : [],
  )

function toApproval({ class: stake, requires }: EnvironmentValue): ApprovalRule {
  const written = requires.approval ?? stake === 'production'
  if (written === false) return { kind: 'none' }
  if (written === true) return { kind: 'reviewers', allowBypass: false }
  const atLeast = (written['at-least'] ?? 1) === 1 ? {} : { atLeast: written['at-least'] as number }
  if (written.from === undefined)
    return { kind: 'reviewers', allowBypass: written['allow-bypass'] ?? false, ...atLeast }
  return {
    kind: 'named',
    from: written.from,
    notSelf: written['not-self'] ?? false,
    ...atLeast,
    ...(written.expires === undefined ? {} : { expires: written.expires }),
  }
}
