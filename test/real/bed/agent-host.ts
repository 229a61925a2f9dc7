import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const agentScript = resolve('agent/rollgate-agent')

/** The end of a look, with what it said. */
export interface LookEnd {
  readonly code: number | null
  readonly said: string
  /** The part of it that went to stdout. */
  readonly printed: string
}

/** The folder of a host with one instance, whose process is two files: `current`, its release, and `up` while it runs. */
export interface AgentHost {
  readonly folder: string
  readonly settings: string
  readonly state: string
  look(env?: Readonly<Record<string, string>>): Promise<LookEnd>
  report(): Promise<Readonly<Record<string, unknown>>>
  /** The release that the instance serves; null while it is down. */
  serves(): string | null
  /** The commands that have run, one a word: `stop`, `install`, `start`, `self-test`. */
  ran(): string[]
  /** Has the self test fail while the instance has one of these releases. */
  failOn(...releases: readonly string[]): void
}

export interface AgentHostOptions {
  readonly remote: string
  readonly instance: string
  /** The folder in which FETCH finds a file by its release. */
  readonly downloads: string
  readonly more?: string
}

/** Runs the agent, on dash, which knows POSIX and nothing else. */
async function agent(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<LookEnd> {
  const { DASH_FLAGS: flags = '', ...others } = env
  const words = [...flags.split(' ').filter((flag) => flag !== ''), agentScript, ...args]
  const child = spawn('dash', words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...others },
  })
  let said = ''
  let printed = ''
  child.stdout.on('data', (data) => (printed += String(data)))
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += String(data)))
  const [code] = await once(child, 'close')
  return { code, said, printed }
}

export function agentHost(folder: string, options: AgentHostOptions): AgentHost {
  const { remote, instance, downloads, more = '' } = options
  const noted = (word: string, command: string) => `${word}='echo ${word} >>${folder}/ran; ${command}'`
  const lines = [
    ...[`REMOTE=${remote}`, 'APP=shop', 'ENVIRONMENT=production', 'SERVICE=web', `INSTANCE=${instance}`],
    ...['ARTIFACT=shop.txt', 'SELF_TEST_TRIES=2', 'SELF_TEST_WAIT=0'],
    `FETCH='cp ${downloads}/"$ROLLGATE_RELEASE" "$ROLLGATE_ARTIFACT"'`,
    noted('STOP', `rm -f ${folder}/up`),
    noted('INSTALL', `cp "$ROLLGATE_ARTIFACT" ${folder}/current`),
    noted('START', `: >${folder}/up`),
    noted('SELF_TEST', `test -e ${folder}/up && ! grep -qxF "$(cat ${folder}/current)" ${folder}/bad`),
    more,
  ]
  return hostWithSettings(folder, instance, `${lines.join('\n')}\n`)
}

/** A host with these settings of its agent, whose state lies in the folder of the host. */
export function hostWithSettings(folder: string, instance: string, text: string): AgentHost {
  const [settings, state] = [join(folder, 'settings'), join(folder, 'states', instance)]
  mkdirSync(join(folder, 'states'), { recursive: true })
  writeFileSync(settings, `STATE=${state}\n${text}`, { mode: 0o600 })
  writeFileSync(join(folder, 'bad'), '')
  const read = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : ''
  return {
    ...{ folder, settings, state },
    look: (env) => agent(['look', settings], env),
    report: async () => JSON.parse((await agent(['report', state])).printed),
    serves: () => (existsSync(join(folder, 'up')) ? read('current').trim() : null),
    ran: () =>
      read('ran')
        .trim()
        .split('\n')
        .filter((word) => word !== ''),
    failOn: (...releases) => writeFileSync(join(folder, 'bad'), releases.map((one) => `${one}\n`).join('')),
  }
}

/**
 * Has dash kill itself before the command of a number: it traces each command before it runs it, and fills in PS4 for
 * that. Every traced command adds a line to a file, also where several run at once.
 */
export const killing = (counter: string, at: number) => ({
  DASH_FLAGS: '-x',
  PS4: `\`echo >>${counter}; n=0; while read l; do n=$((n + 1)); done <${counter}; [ $n -lt ${at} ] || kill -9 $$\``,
})
