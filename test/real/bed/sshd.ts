import { execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { endProcess, isRunning, signalled } from '../../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { freePorts } from '../../../src/sandbox/fleet/ports.ts'
import { programPath } from './parts.ts'
import { descendantsOf } from './processes.ts'

/** A user with `/bin/sh` and nothing of its own; made where tests run as root, and left there for the next. */
const BED_USER = 'rollgate-bed'

/** A host of the farm: an address, an sshd behind it, and a home for the login user. */
export interface SshdHost {
  /** `web-1`, which the farm's settings know as a `Host`. */
  readonly name: string
  readonly address: string
  readonly port: number
  /** The folder in which commands run; programs in `bin` below it come before all others. */
  readonly home: string
  /** The `TMPDIR` of commands. */
  readonly temp: string
  /** Ends its sshd and all its sessions, as when the machine loses power. */
  kill(): Promise<void>
  /** Starts it again after `kill`. */
  start(): Promise<void>
  /** Stops its sshd and all its sessions where they are; its requests go unanswered. */
  freeze(): void
  thaw(): void
  /** Answers with another host key from now on. */
  swapKey(): Promise<void>
  /** Refuses logins, or admits them again. */
  refuse(): void
  admit(): void
}

export interface SshdFarm {
  readonly hosts: readonly SshdHost[]
  /** Path of ssh settings: user, port, key and known hosts, for the hosts' names and addresses. */
  readonly settings: string
  readonly knownHosts: string
  readonly folder: string
  readonly user: string
  readonly port: number
  close(): Promise<void>
}

export interface SshdFarmOptions {
  readonly hosts: number
  /** Addresses that one sshd process serves, sixteen at most; they share a host key, and die together. */
  readonly perProcess?: number
}

/** Starts hosts on 127.0.1.1 and following, all on one free port. */
export async function startSshd({ hosts: size, perProcess = 1 }: SshdFarmOptions): Promise<SshdFarm> {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-sshd-'))
  chmodSync(folder, 0o755)
  const user = loginUser()
  const [port = 0] = await freePorts(1, '127.0.1.1')
  makeKey(join(folder, 'login'))
  const knownHosts = join(folder, 'known_hosts')
  writeFileSync(knownHosts, '')

  const names = Array.from({ length: size }, (_, at) => ({
    name: `web-${at + 1}`,
    address: `127.0.1.${at + 1}`,
  }))
  const hosts: SshdHost[] = []
  const daemons: Daemon[] = []
  for (let from = 0; from < size; from += perProcess) {
    const those = names.slice(from, from + perProcess)
    const daemon = createDaemon(join(folder, `sshd-${from + 1}`), those, port, join(folder, 'login.pub'))
    daemons.push(daemon)
    for (const host of those) {
      const home = join(folder, 'homes', host.address)
      const temp = join(folder, 'temps', host.address)
      for (const own of [home, temp]) makeFolder(own, user)
      appendFileSync(knownHosts, `[${host.address}]:${port} ${daemon.publicKey()}\n`)
      hosts.push({ ...host, ...daemon, port, home, temp })
    }
  }
  await Promise.all(daemons.map((daemon) => daemon.start()))
  const settings = join(folder, 'ssh_config')
  writeFileSync(settings, settingsFor({ names, user, port, folder, knownHosts }))
  return {
    hosts,
    settings,
    knownHosts,
    folder,
    user,
    port,
    async close() {
      await Promise.all(daemons.map((daemon) => daemon.kill()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Named {
  readonly name: string
  readonly address: string
}

type Daemon = Omit<SshdHost, 'name' | 'address' | 'port' | 'home' | 'temp'> & { publicKey(): string }

function createDaemon(folder: string, hosts: readonly Named[], port: number, login: string): Daemon {
  mkdirSync(folder)
  const config = join(folder, 'sshd_config')
  const authorized = join(folder, 'authorized_keys')
  const hostKey = join(folder, 'host_key')
  makeKey(hostKey)
  writeFileSync(config, configFor(folder, hosts, port))
  let pid: number | null = null

  const processes = () => (pid === null ? [] : [pid, ...descendantsOf(pid)])
  const signalAll = (signal: NodeJS.Signals) => {
    for (const each of processes()) if (isRunning(each)) signalled(each, signal)
  }
  const daemon: Daemon = {
    publicKey: () => readFileSync(`${hostKey}.pub`, 'utf8').split(' ').slice(0, 2).join(' '),
    async start() {
      if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
      // sshd re-executes itself for every connection, and so needs its absolute path. It ends with its parent,
      // should that be killed.
      const program = ['--pdeathsig', 'KILL', programPath('sshd') ?? 'sshd']
      const words = ['-D', '-f', config, '-E', join(folder, 'log')]
      const child = spawn('setpriv', [...program, ...words], { stdio: 'ignore' })
      pid = child.pid ?? null
      await eventually(`sshd answers at ${hosts[0]?.address}`, () => answers(hosts, port), 20_000)
    },
    async kill() {
      const those = processes()
      signalAll('SIGKILL')
      await Promise.all(those.map(endProcess))
      pid = null
    },
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async swapKey() {
      await daemon.kill()
      rmSync(hostKey)
      makeKey(hostKey)
      await daemon.start()
    },
    refuse: () => writeFileSync(authorized, ''),
    admit: () => copyFileSync(login, authorized),
  }
  daemon.admit()
  return daemon
}

/** Each address has a home of its own, where a file `.login` is read before anything is run, though it is one user who logs in on all of them. */
const configFor = (folder: string, hosts: readonly Named[], port: number): string => `
${hosts.map(({ address }) => `ListenAddress ${address}:${port}`).join('\n')}
HostKey ${folder}/host_key
AuthorizedKeysFile ${folder}/authorized_keys
PidFile ${folder}/pid
AuthenticationMethods publickey
StrictModes no
UsePAM no
UseDNS no
PrintMotd no
Banner ${folder}/sshd_config
MaxStartups 1000
MaxSessions 1000
${hosts.map(({ address }) => `Match LocalAddress ${address}\n  ForceCommand ${loginTo(dirname(folder), address)}`).join('\n')}
`

const loginTo = (folder: string, address: string): string =>
  [
    `cd ${folder}/homes/${address}`,
    `export HOME=$PWD PATH=$PWD/bin:$PATH TMPDIR=${folder}/temps/${address}`,
    '{ [ ! -f .login ] || . ./.login; }',
    'exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"',
  ].join(' && ')

interface SettingsFor {
  readonly names: readonly Named[]
  readonly user: string
  readonly port: number
  readonly folder: string
  readonly knownHosts: string
}

const settingsFor = ({ names, user, port, folder, knownHosts }: SettingsFor): string => `
${names.map(({ name, address }) => `Host ${name}\n  HostName ${address}`).join('\n')}
Host *
  User ${user}
  Port ${port}
  IdentityFile ${folder}/login
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile ${knownHosts}
  GlobalKnownHostsFile /dev/null
`

/** Returns the login user: root would bring root's own environment along. */
function loginUser(): string {
  if (process.getuid?.() !== 0) return userInfo().username
  if (!readFileSync('/etc/passwd', 'utf8').includes(`\n${BED_USER}:`))
    execFileSync('useradd', [
      '--system',
      '--no-create-home',
      '--home-dir',
      '/tmp',
      '--shell',
      '/bin/sh',
      BED_USER,
    ])
  // No password fits, but the account is not locked either: sshd refuses a locked account.
  execFileSync('usermod', ['--password', '*', BED_USER])
  return BED_USER
}

function makeFolder(path: string, user: string): void {
  mkdirSync(path, { recursive: true })
  if (process.getuid?.() === 0) execFileSync('chown', [user, path])
}

function makeKey(file: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bed', '-f', file])
}

async function answers(hosts: readonly Named[], port: number): Promise<boolean> {
  const answered = await Promise.all(hosts.map(({ address }) => accepts(address, port)))
  return answered.every(Boolean)
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
