import { isOverSsh, type SshFleet } from '../config/fleet.ts'
import type { Service } from '../config/service.ts'
import { setUp } from '../plan/files-there.ts'
import { entriesAt } from '../release/release-tree.ts'
import type { CheckoutSeen } from './checkout.ts'
import { type CheckFinding, found, foundIn } from './finding.ts'

/** Finds settings of ssh that a first connection would fail by. */
export const sshFindings = (services: readonly Service[], seen: CheckoutSeen): CheckFinding[] =>
  services.flatMap(({ name, fleet }) =>
    isOverSsh(fleet)
      ? [...hostKeys(name, fleet, seen), ...logins(name, fleet, seen), ...jumps(name, fleet, seen)]
      : [],
  )

function hostKeys(name: string, fleet: SshFleet, seen: CheckoutSeen): CheckFinding[] {
  if (fleet.hostKeys === 'accept-new' || seen.tree.entries.has(setUp)) return []
  const key = `services.${name}.fleet.ssh`
  if (fleet.settings === null)
    return [
      found('warning', key, {
        what: `${name} is reached over ssh, and nothing of the repository says which host keys are known: they must stand in ~/.ssh/known_hosts of the machine of the job.`,
        next: `Name a file with fleet.ssh.settings that says UserKnownHostsFile, write known_hosts in ${setUp}, or keep it on your own runner.`,
      }),
    ]
  const settings = settingsOf(fleet, seen)
  if (settings === null) return []
  const [, line = null] = /^[ \t]*UserKnownHostsFile[ \t=]+"?([^\s"]+)/im.exec(settings) ?? []
  if (line === null)
    return [
      foundIn('warning', fleet.settings, 1, {
        what: `${fleet.settings} names no UserKnownHostsFile: host keys are looked up in ~/.ssh/known_hosts of the machine of the job.`,
        next: 'Add the line UserKnownHostsFile with a path in the checkout, or write ~/.ssh/known_hosts before the deployment.',
      }),
    ]
  const inside = !/^[~/%]/.test(line)
  if (!inside || hasFile(seen, line)) return []
  return [
    foundIn('problem', fleet.settings, lineOf(settings, line), {
      what: `${fleet.settings} takes host keys from ${line}, and git has no such file.`,
      next: `Add ${line} with the lines of ssh-keyscan, checked against the hosts.`,
    }),
  ]
}

function logins(name: string, fleet: SshFleet, seen: CheckoutSeen): CheckFinding[] {
  const without = fleet.instances.filter(({ user }) => (user ?? fleet.user) === null)
  const settings = settingsOf(fleet, seen)
  if (without.length === 0 || (settings !== null && /^[ \t]*User[ \t=]/im.test(settings))) return []
  if (settings === null && fleet.settings !== null) return []
  const [first] = without
  return [
    found('warning', `services.${name}.fleet.ssh`, {
      what: `No user is named for ${first?.host ?? ''}: ssh takes the login of the runner, which hosts rarely know.`,
      next: `Add services.${name}.fleet.ssh.user, or a line User to its settings.`,
    }),
  ]
}

/** A jump host of one word is an alias: the settings must say where it is. */
function jumps(name: string, fleet: SshFleet, seen: CheckoutSeen): CheckFinding[] {
  const ways = new Map([
    [`services.${name}.fleet.ssh.jump`, fleet.jump],
    ...fleet.instances.map((host): [string, string | null] => [
      `services.${name}.fleet.ssh.hosts.${host.name}.jump`,
      host.jump === fleet.jump ? null : host.jump,
    ]),
  ])
  const settings = settingsOf(fleet, seen)
  if (settings === null && (fleet.settings !== null || seen.tree.entries.has(setUp))) return []
  const aliases = aliasesIn(settings ?? '')
  return [...ways].flatMap(([key, jump]) =>
    hostsOf(jump)
      .filter((host) => /^[\w-]+$/.test(host) && host !== 'localhost' && !aliases.has(host))
      .map((host) =>
        found('warning', key, {
          what: `The jump host ${host} is a single word, and ${fleet.settings ?? 'no file of ssh settings'} ${fleet.settings === null ? 'says' : 'does not say'} where it is.`,
          next: `Write its whole name, or add Host ${host} with its HostName to a file named by fleet.ssh.settings.`,
        }),
      ),
  )
}

const hostsOf = (jump: string | null): string[] =>
  (jump ?? '')
    .split(',')
    .filter((one) => one !== '')
    .map((one) => one.replace(/^[^@]*@/, '').replace(/:\d+$/, ''))

const aliasesIn = (settings: string): Set<string> =>
  new Set(
    [...settings.matchAll(/^[ \t]*Host[ \t=]+(.+)$/gim)].flatMap(([, names = '']) =>
      names.trim().split(/\s+/),
    ),
  )

const settingsOf = ({ settings }: SshFleet, { texts }: CheckoutSeen): string | null =>
  settings === null ? null : (texts.get(settings)?.text ?? null)

const hasFile = ({ tree }: CheckoutSeen, path: string): boolean => {
  const entries = entriesAt(tree, path.replace(/^\.\//, ''))
  return entries === null || entries.some((entry) => entry !== 'folder')
}

const lineOf = (text: string, word: string): number => text.slice(0, text.indexOf(word)).split('\n').length
