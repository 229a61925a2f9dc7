import { setFlagsFromString } from 'node:v8'

import { createCalendar } from '../../src/adapters/calendar.ts'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import { planning } from '../../src/domain/plan/planning.ts'
import { plainDeploy } from '../../src/domain/plan/undertaking.ts'
import { absent, found } from '../../src/domain/reading.ts'
import { createNarrator } from '../../src/entry/tell/narrator.ts'
import { readPolicy, readRecipe } from '../../src/inputs/config/read.ts'
import type { Answer, Ports } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'
import { createFakeVoice } from '../../test/fakes/fake-voice.ts'
import { createMemoryAsks } from '../../test/fakes/memory-asks.ts'
import { createMemoryDepot } from '../../test/fakes/memory-depot.ts'
import { createMemoryForms } from '../../test/fakes/memory-forms.ts'
import { createMemoryIssues } from '../../test/fakes/memory-issues.ts'
import { createMemoryLedgers } from '../../test/fakes/memory-ledger.ts'
import { createMemoryOutputs } from '../../test/fakes/memory-outputs.ts'
import { createMemoryRecords } from '../../test/fakes/memory-record.ts'
import { createMemoryReleases } from '../../test/fakes/memory-releases.ts'
import { createMemoryRepository } from '../../test/fakes/memory-repository.ts'

/** Rolls 1,000 instances whose own work takes no time, one by one, and prints the rest: Rollgate's own time. */
const names = Array.from({ length: 1000 }, (_none, index) => `web-${index + 1}`)
const text = `
version: 1
environments:
  big:
    class: sandbox
    services: { web: { fleet: { local: { instances: [${names.join(', ')}] } } } }
services:
  web:
    fleet: { install: bin/install, start: bin/start }
    version: { http: 'http://localhost/version' }
    health-check: { http: 'http://localhost/', min-healthy-time: 0s }
    rollout: { max-parallel: 1 }
`
const source = { path: '.github/rollgate.yml', text, commit: 'main' }
const policy = readPolicy(source, 'big')
const recipe = readRecipe(source, { source, environment: 'big' })
const ledger = emptyLedger('shop', 'big')
const release = { tag: 'v1.0.0', sha: 'a'.repeat(40), baseVersion: null, schemaVersion: null }
const planned = planning({
  undertaking: plainDeploy,
  world: {
    ...{
      release,
      snapshot: null,
      relation: 'first',
      commits: 0,
      signals: { kind: 'quiet' },
      recipe,
      policy,
      ledger,
    },
    timetable: { now: new Date().toISOString(), freezes: [], windows: [] },
    proofs: { verification: null, rehearsal: null, compatibility: null },
    ...{ configBack: null, files: null, manifests: [], schedule: null },
  },
  confirmations: { words: '', override: null, overriddenBefore: null },
})
if (planned.kind !== 'planned') throw new Error('nothing to do')
const { plan } = planned

const installed = new Set<string>()
const said = async (name: string): Promise<Answer> => ({
  kind: 'yes',
  text: installed.has(name) ? 'v1.0.0' : 'v0.9.0',
})
const voice = createFakeVoice()
const repository = createMemoryRepository()
const ports: Ports = {
  clock: { now: () => new Date(), sleep: () => Promise.resolve() },
  calendar: createCalendar(),
  shell: { run: async () => ({ kind: 'exited', code: 0, tail: [] }) },
  bareShell: { run: async () => ({ kind: 'exited', code: 0, tail: [] }) },
  poster: { post: async () => null },
  scheduler: () => {
    throw new Error('no engine has a scheduler')
  },
  engine: () => {
    throw new Error('no service is on an engine')
  },
  prober: { ask: async () => ({ kind: 'yes', text: '' }) },
  given: {
    secret: 'given',
    variable: () => 'given',
    inSecret: () => false,
    ofTheJob: () => null,
    isMasked: () => false,
  },
  fleet: () => ({
    reach: async () => {},
    rest() {},
    prepare: async () => null,
    fetch: async () => null,
    folders: {
      list: async () => [],
      begin: async () => null,
      finish: async () => null,
      clear: async () => null,
    },
    ask: ({ name }) => said(name),
    run: async (instance) => {
      installed.add(instance.name)
      return { kind: 'exited', code: 0, tail: [] }
    },
  }),
  door: () => {
    throw new Error('no door is simulated')
  },
  detour: () => {
    throw new Error('no detour is simulated')
  },
  traffic: () => ({
    leave: async () => null,
    enter: async () => null,
    knows: async () => absent,
    serves: async () => absent,
  }),
  ledgers: createMemoryLedgers(),
  asks: createMemoryAsks(),
  record: createMemoryRecords(),
  repository,
  outputFiles: createMemoryOutputs(),
  depot: createMemoryDepot(new Map()),
  releases: createMemoryReleases(repository),
  issues: createMemoryIssues(),
  forms: createMemoryForms(),
  workspace: {
    head: async () => found(release.sha),
    checkout: async () => found('.'),
    files: async () => [],
    apart: async () => absent,
  },
  voice,
  narrator: createNarrator(voice),
}

// As src/entry/main.ts does before it enters.
setFlagsFromString('--semi-space-growth-factor=1')
globalThis.gc?.()
const before = process.memoryUsage().rss
const started = performance.now()
const run = { id: 1, attempt: 1, url: 'https://github.example/runs/1' }
const deployment: Underway = {
  number: 1,
  plan,
  journal: [],
  holder: run,
  record: null,
  preDeploy: null,
  build: null,
  checkCompatibility: null,
}
const session = openSession({ head: null, ledger: { ...ledger, deployment } }, ports)
session.note({ kind: 'opened', number: 1, run, by: ['dora'] })
await session.save()
const ending = await execute({ ports, plan, session, stop: neverStops })
if (ending.kind !== 'ended' || ending.outcome.kind !== 'succeeded') throw new Error(JSON.stringify(ending))
const took = performance.now() - started
console.log(JSON.stringify({ took, peak: process.resourceUsage().maxRSS * 1024, before }))
