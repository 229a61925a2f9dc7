/** An environment to set up, as a person names it. */
export interface EnvironmentWanted {
  readonly name: string
  readonly class: 'sandbox' | 'staging' | 'production'
}

/** A host that an instance is on. */
export interface HostWanted {
  readonly name: string
  readonly host: string | null
}

/** The place of the instances: processes of the runner's machine, or hosts of each environment. */
export type Where =
  | { readonly kind: 'runner' }
  | {
      readonly kind: 'ssh'
      readonly user: string | null
      readonly hosts: ReadonlyMap<string, readonly HostWanted[]>
    }

/** Everything that a person decides. */
export interface SetUpAnswers {
  readonly environments: readonly EnvironmentWanted[]
  readonly where: Where
  /** A path or an address that answers 200; null to ask the instance's port, or the script. */
  readonly health: string | null
  readonly runsOn: readonly string[]
  /** Empty for GitHub's own reviewers of the environment. */
  readonly approvers: readonly string[]
}

/** The answer that was understood, or the sentence that says why it was not. */
export type Understood<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'not'; readonly words: string }

const value = <Value>(given: Value): Understood<Value> => ({ kind: 'value', value: given })
const not = (words: string): Understood<never> => ({ kind: 'not', words })

const splitWords = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '')

/** Names as GitHub, git and a shell take them: letters, digits, `.`, `_` and `-`. */
const name = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

export function readEnvironments(text: string): Understood<readonly EnvironmentWanted[]> {
  const names = splitWords(text)
  const wrong = names.find((one) => !name.test(one))
  if (names.length === 0) return not('Name at least one environment, like production.')
  if (wrong !== undefined)
    return not(
      `${show(wrong)} is no name of an environment: use letters, digits, . _ and -, like production.`,
    )
  if (new Set(names.map((one) => one.toLowerCase())).size < names.length)
    return not('An environment is named twice.')
  return value(names.map((one) => ({ name: one, class: classOf(one, names.length === 1) })))
}

function classOf(environment: string, only: boolean): EnvironmentWanted['class'] {
  if (/pre-?prod|stag|test|qa|uat|integration|acceptance/i.test(environment)) return 'staging'
  if (/prod|live|^main$|^master$/i.test(environment)) return 'production'
  if (/dev|sandbox|preview|review|demo|local/i.test(environment)) return 'sandbox'
  return only ? 'production' : 'staging'
}

const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9.:_-]*[A-Za-z0-9])?$/
const user = /^[a-z_][\w.-]*$/i

/** Reads `runner`, `web-1 web-2`, or `staging: deploy@stage-1; production: web-1=10.0.0.11 web-2=10.0.0.12`. */
export function readWhere(text: string, environments: readonly EnvironmentWanted[]): Understood<Where> {
  if (/^(?:runner|this runner|here|local)?$/i.test(text.trim())) return value({ kind: 'runner' })
  const hosts = new Map<string, readonly HostWanted[]>()
  const users = new Set<string>()
  for (const part of text.split(';').filter((one) => one.trim() !== '')) {
    const [, of, listed = ''] = /^(?:\s*([\w.-]+)\s*:(?!\d)(?=\s|[A-Za-z]))?([\s\S]*)$/.exec(part) ?? []
    if (of !== undefined && !environments.some((one) => one.name === of))
      return not(`${show(of)} is none of the environments.`)
    const read = readHosts(listed, users)
    if (read.kind === 'not') return read
    for (const { name: environment } of environments)
      if (of === undefined || of === environment) hosts.set(environment, read.value)
  }
  if (users.size > 1)
    return not('One login for all hosts, please; single hosts may differ in the config later.')
  const without = environments.find((one) => !hosts.has(one.name))
  if (without !== undefined)
    return not(
      `${without.name} has no hosts: write ${environments.map((one) => `${one.name}: host`).join('; ')}.`,
    )
  const [first, ...more] = [...hosts.values()]
  if (first !== undefined && more.some((other) => other === first) && environments.length > 1)
    return not(
      `Each environment has hosts of its own: write ${environments.map((one) => `${one.name}: host`).join('; ')}.`,
    )
  return value({ kind: 'ssh', user: [...users][0] ?? null, hosts })
}

function readHosts(text: string, users: Set<string>): Understood<readonly HostWanted[]> {
  const found: HostWanted[] = []
  for (const word of splitWords(text)) {
    const [, instance, login, host = ''] = /^(?:([^=@]+)=)?(?:([^@]+)@)?(.*)$/.exec(word) ?? []
    if (!hostName.test(host)) return not(`${show(word)} is no host: write web-1, or web-1=10.0.0.11.`)
    if (login !== undefined && !user.test(login)) return not(`${show(login)} is no login.`)
    if (login !== undefined) users.add(login)
    const called = instance ?? host
    if (!name.test(called)) return not(`${show(word)} needs a name of its own: write web-1=${show(host)}.`)
    if (found.some((one) => one.name === called)) return not(`${show(called)} is named twice.`)
    found.push({ name: called, host: called === host ? null : host })
  }
  return found.length === 0 ? not('Name at least one host.') : value(found)
}

/** A path like `/health`, or an address. Empty for the usual check. */
export function readHealth(text: string): Understood<string | null> {
  const given = text.trim()
  if (given === '' || given === 'none') return value(null)
  return /^(?:\/|https?:\/\/)[^\s"'`\\]*$/.test(given)
    ? value(given)
    : not(
        `${show(given)} is neither a path like /health nor an address like https://shop.example.com/health.`,
      )
}

export function readLabels(text: string): Understood<readonly string[]> {
  const labels = splitWords(text)
  const wrong = labels.find((label) => !/^[\w.-]+$/.test(label))
  if (wrong !== undefined) return not(`${show(wrong)} is no label of a runner.`)
  return value(labels.length === 0 ? ['self-hosted'] : labels)
}

/** Logins and teams; empty or `reviewers` for GitHub's own reviewers. */
export function readApprovers(text: string): Understood<readonly string[]> {
  const people = splitWords(text).map((one) => one.replace(/^@/, ''))
  if (people.length === 0 || (people.length === 1 && people[0] === 'reviewers')) return value([])
  const wrong = people.find((one) => !/^[A-Za-z0-9](?:[A-Za-z0-9-]*)(?:\/[\w.-]+)?$/.test(one))
  if (wrong !== undefined) return not(`${show(wrong)} is neither a login nor a team like acme/releasers.`)
  return value([...new Set(people)])
}

/** Returns a word as it may be printed: short, and without control characters. */
const show = (word: string): string => {
  const line = word.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
