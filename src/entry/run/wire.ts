import { homedir, tmpdir } from 'node:os'
import { basename, resolve } from 'node:path'
import { debug } from '@actions/core'
import { createCalendar } from '../../adapters/calendar.ts'
import { createClock } from '../../adapters/clock.ts'
import { createDepot } from '../../adapters/depot.ts'
import { createDetours } from '../../adapters/detour/control.ts'
import { createEngine } from '../../adapters/engine/engine.ts'
import { createCronJobs } from '../../adapters/engine/kubernetes/cron-jobs/control.ts'
import { releaseFiles } from '../../adapters/engine/release-files.ts'
import { readTexts } from '../../adapters/git/checkout-texts.ts'
import { readTokenOfGh } from '../../adapters/git/gh-token.ts'
import { readIndex } from '../../adapters/git/index-files.ts'
import { readKnownFiles } from '../../adapters/git/known-files.ts'
import { refuseOutside } from '../../adapters/git/outside.ts'
import { readPushedCommit } from '../../adapters/git/pushed-commit.ts'
import { readRemotes } from '../../adapters/git/remotes.ts'
import { readTextInside } from '../../adapters/git/text-inside.ts'
import { gitHubAsks } from '../../adapters/github/asks/store.ts'
import { connect, type GitHub } from '../../adapters/github/connection.ts'
import { gitHubAnswers } from '../../adapters/github/doctor/answers.ts'
import { gitHubProbe } from '../../adapters/github/doctor/probe.ts'
import { gitHubSettings } from '../../adapters/github/doctor/settings.ts'
import { gitHubForms } from '../../adapters/github/form-starter.ts'
import { gitHubIssues } from '../../adapters/github/issue-store.ts'
import { gitHubLedgers } from '../../adapters/github/ledger/store.ts'
import { gitHubRecords } from '../../adapters/github/record-store.ts'
import { gitHubReleases } from '../../adapters/github/release/store.ts'
import { gitHubRepository } from '../../adapters/github/repository.ts'
import { createGiven } from '../../adapters/given-variables.ts'
import { createLocalFleet } from '../../adapters/local-fleet.ts'
import {
  maskSaid,
  maskStrings,
  savedAsks,
  savedIssues,
  savedLedgers,
  savedRecords,
} from '../../adapters/masking/saved.ts'
import { createMasker } from '../../adapters/masking.ts'
import { createOutputFiles } from '../../adapters/output-files.ts'
import { createPoster } from '../../adapters/poster.ts'
import { createProber } from '../../adapters/prober.ts'
import { createPullFleet } from '../../adapters/pull-fleet.ts'
import { createProcessGroups, endLeftoverGroups } from '../../adapters/shell/leftovers.ts'
import { ownEnvironment } from '../../adapters/shell/own-environment.ts'
import { createShell } from '../../adapters/shell.ts'
import { createSshFleets } from '../../adapters/ssh-fleet.ts'
import { createTraffic } from '../../adapters/traffic.ts'
import { createVoice } from '../../adapters/voice.ts'
import { createWorkspace } from '../../adapters/workspace.ts'
import { unreachable } from '../../domain/question/decision.ts'
import { known } from '../../domain/reading.ts'
import { readGiven } from '../../inputs/given.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import type { Runner } from '../../inputs/runner.ts'
import { masksOf, secretsOf } from '../../inputs/secrets.ts'
import { readVars } from '../../inputs/vars.ts'
import { identified } from '../../pipeline/lock/identity.ts'
import type { AnswerStore, Ports, ReferenceProbe, RepositorySettings } from '../../pipeline/ports.ts'
import type { Stop } from '../../pipeline/run/context.ts'
import { wholeForm } from '../../report/form/form.ts'
import { createNarrator } from '../tell/narrator.ts'
import { appOf, configReader } from './config-reader.ts'
import { formsOf } from './find-form.ts'
import { groupsFileOf } from './groups-file.ts'
import type { Hands } from './hands.ts'
import { rememberLock } from './remembered.ts'

/** Everything that this process shows goes through these two, from its first line on: hands may never come to be. */
export const masker = createMasker()
export const voice = createVoice(masker)

/** A value with nothing secret in its strings. */
export const masked = <T>(value: T): T => maskStrings(value, masker.mask)

/**
 * Masks the secrets in the data of a page: a page escapes and cuts text, and could otherwise hide a secret
 * from the masking.
 */
export const withoutSecrets = <T>(said: T): T => maskSaid(said, masker.mask)

/** Git's index of a checkout and the texts of its files, for the command line, which has no other hands. */
export { readIndex, readKnownFiles, readPushedCommit, readRemotes, readTextInside, readTexts, readTokenOfGh }

/** Returns the hands of a job. This file alone names concrete adapters. */
export function wire(inputs: Inputs, runner: Runner, stop: Stop, env: NodeJS.ProcessEnv): Hands {
  const secrets = readGiven(env.ROLLGATE_ENV ?? '')
  hide(secretsOf(inputs.token, secrets, env), inputs.token)
  const groupsFile = groupsFileOf(runner, env)
  // The step that closes up runs nothing of the release, and must not be kept from closing.
  if (env.STATE_started === undefined) refuseOutside(runner.workspace, inputs.workingDirectory)
  const machine = machineOf(inputs, runner, groupsFile, secrets, env)
  const github = connect({
    ...{ apiUrl: runner.apiUrl, repository: runner.repository, clock: machine.clock },
    // A command without a token asks nothing; the client only wants a text.
    token: inputs.token || 'none',
    say: (text) => debug(masker.mask(text)),
  })
  const ports: Ports = {
    ...portsOf(machine),
    ...gitHubPorts(github, inputs),
    ...filePorts(inputs, runner, machine.surroundings.cwd),
    calendar: createCalendar(),
    given: createGiven(machine.surroundings.env, {
      secrets,
      vars: readVars(env.ROLLGATE_VARS ?? ''),
      masker,
    }),
    voice,
    narrator: createNarrator(voice),
  }
  return {
    ...handsOf(inputs, runner, stop, ports),
    endLeftovers: () => endLeftoverGroups(groupsFile),
    letGo: () => machine.hosts.close(),
    requests: github.requests,
  }
}

/** The hands of a job and of a command line alike. */
const handsOf = (inputs: Inputs, runner: Runner, stop: Stop, ports: Ports) => ({
  ...{ inputs, runner, stop, ports },
  config: configReader(inputs, runner, masker),
  doer: {
    ...{ run: runner.run, by: runner.by },
    ...(inputs.runIsOver === null ? {} : { over: inputs.runIsOver }),
  },
  beforeLock: rememberLock,
  app: appOf(runner),
  forms: formsOf(ports.repository, runner),
  startedAt: ports.clock.now(),
})

/** The means by which commands run on this machine, and from it on hosts. */
function machineOf(
  inputs: Inputs,
  runner: Runner,
  groupsFile: string,
  secrets: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
) {
  const { ROLLGATE_ENV: _given, ROLLGATE_VARS: _vars, ...inherited } = env
  const surroundings = {
    env: { ...inherited, ...secrets },
    cwd: resolve(runner.workspace, inputs.workingDirectory),
    masker,
    groups: createProcessGroups(groupsFile),
  }
  const shell = createShell(surroundings)
  const prober = createProber(shell)
  return {
    surroundings,
    clock: createClock(),
    shell,
    bareShell: createShell({ ...surroundings, env: inherited }),
    prober,
    home: env.HOME || homedir(),
    hosts: createSshFleets({ ...surroundings, own: ownEnvironment(env, secrets), prober, shell }),
  }
}

/** The ports that run commands. */
function portsOf({
  surroundings,
  clock,
  shell,
  bareShell,
  prober,
  home,
  hosts,
}: ReturnType<typeof machineOf>) {
  const fleet: Ports['fleet'] = (recipe) => {
    switch (recipe.kind) {
      case 'local':
        return createLocalFleet(recipe, { shell, prober, home })
      case 'ssh':
        return hosts.fleet(recipe)
      case 'pull':
        return createPullFleet(recipe, { shell, prober })
      default:
        return unreachable(recipe)
    }
  }
  return {
    ...{ clock, shell, bareShell, prober, fleet },
    poster: createPoster(surroundings.env),
    traffic: (service, over) => createTraffic(service.traffic, { fleet: over, clock }),
    scheduler: (jobs) => createCronJobs(jobs, shell),
    engine: (service) => createEngine(service, { shell, clock, files: releaseFiles(surroundings.cwd) }),
    ...createDetours({ clock, shell, fleet, env: surroundings.env }),
  } satisfies Partial<Ports>
}

/** The ports that keep files on this machine. */
function filePorts(inputs: Inputs, runner: Runner, cwd: string) {
  const temp = runner.temp ?? tmpdir()
  return {
    workspace: createWorkspace({
      ...{ workspace: runner.workspace, cwd, temp, repository: runner.repository },
      access: { serverUrl: runner.serverUrl, token: inputs.token },
    }),
    depot: createDepot({ cwd, temp }),
    outputFiles: createOutputFiles(temp),
  }
}

function gitHubPorts(github: GitHub, inputs: Inputs) {
  const repository = gitHubRepository(github)
  return {
    ledgers: identified(savedLedgers(gitHubLedgers(github), masker), {
      configPath: inputs.config,
      confirmed: inputs.ledger,
      stands: async (path) => known(await repository.file(path, null)) !== null,
    }),
    asks: savedAsks(gitHubAsks(github), masker),
    record: savedRecords(gitHubRecords(github), masker),
    repository,
    releases: gitHubReleases(github),
    issues: savedIssues(gitHubIssues(github), masker),
    forms: gitHubForms(github, basename(wholeForm)),
  }
}

/**
 * The hands of a command line: GitHub, read with the person's own token, and nothing else. A request that would write is
 * refused before it is sent, and a command is never run.
 */
export function wireTerminal(inputs: Inputs, runner: Runner, stop: Stop): Hands {
  masker.add(inputs.token)
  const clock = createClock()
  const { token } = inputs
  const { apiUrl, repository } = runner
  const github = connect({ token, apiUrl, repository, say: () => {}, clock, readOnly: true })
  const silent = { line: () => {}, resume: () => {} }
  const ports: Ports = {
    clock,
    calendar: createCalendar(),
    shell: { run: runsNothing },
    bareShell: { run: runsNothing },
    poster: { post: runsNothing },
    prober: { ask: runsNothing },
    given: createGiven({}, { secrets: {}, vars: {}, masker }),
    fleet: runsNothing,
    traffic: runsNothing,
    engine: runsNothing,
    scheduler: runsNothing,
    detour: runsNothing,
    door: runsNothing,
    ...gitHubPorts(github, inputs),
    workspace: { head: runsNothing, checkout: runsNothing, files: runsNothing, apart: runsNothing },
    depot: { find: runsNothing, keep: runsNothing },
    outputFiles: { make: runsNothing },
    voice: { group: () => {}, endGroup: () => {}, line: () => {}, warning: () => {}, quote: () => silent },
    narrator: { heard: () => {} },
  }
  return {
    ...handsOf(inputs, runner, stop, ports),
    endLeftovers: async () => [],
    letGo: async () => {},
    requests: github.requests,
  }
}

/** The settings of a repository, read with the person's own token. */
export const settingsOf = (
  { token }: Pick<Inputs, 'token'>,
  { apiUrl, repository }: Runner,
): RepositorySettings => gitHubSettings(connect({ token, apiUrl, repository, say: () => {}, readOnly: true }))

function runsNothing(): never {
  throw new Error('The command line runs no command and asks no instance.')
}

/** The kept answers of a doctor, to read. A deployment never needs them. */
export const answersOf = (
  { token }: Pick<Inputs, 'token'>,
  { apiUrl, repository }: Runner,
): Pick<AnswerStore, 'read'> =>
  gitHubAnswers(connect({ token, apiUrl, repository, say: () => {}, readOnly: true }))

/** The means of a doctor's job. */
export interface Consulting {
  readonly settings: RepositorySettings
  readonly probe: ReferenceProbe
  readonly answers: AnswerStore
}

export function consultingOf({ inputs, runner }: Hands<'doctor'>): Consulting {
  const { apiUrl, repository } = runner
  const say = (text: string) => debug(masker.mask(text))
  const github = connect({ token: inputs.token, apiUrl, repository, say })
  return { settings: gitHubSettings(github), probe: gitHubProbe(github), answers: gitHubAnswers(github) }
}

/** From here on the runner and Rollgate mask these. The runner knows the token, which it made or has as a secret. */
function hide(secrets: readonly string[], token: string): void {
  for (const secret of secrets) masker.add(secret)
  for (const line of masksOf(secrets.filter((secret) => secret !== token))) voice.mask(line)
}
