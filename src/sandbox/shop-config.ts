import { stringify } from 'yaml'
import type { Shop } from './fleet/shop.ts'

/** The parts of the shop's config that a story changes; the rest is as a team would write it. */
export interface ConfigVariation {
  /** Laid over the environment `production`. */
  readonly production?: Readonly<Record<string, unknown>>
  /** Laid over the environment `staging`. */
  readonly staging?: Readonly<Record<string, unknown>>
  /** The instances that `staging` has to itself; each environment has all of them when left out. */
  readonly staged?: readonly string[]
  /** Laid over `services.web.rollout`. */
  readonly rollout?: Readonly<Record<string, unknown>>
  /** Laid over `steps.scheduler`. */
  readonly scheduler?: Readonly<Record<string, unknown>>
  /** Laid over `steps.migrate`. */
  readonly migrate?: Readonly<Record<string, unknown>>
  /** Laid over the steps; null takes one away. */
  readonly steps?: Readonly<Record<string, unknown>>
  /** Laid over `services.web`. */
  readonly web?: Readonly<Record<string, unknown>>
  readonly tasks?: Readonly<Record<string, unknown>>
  /** A service `worker` beside the shop's own: its recipe, and what each environment has of it. */
  readonly worker?: Readonly<Record<'recipe' | 'production' | 'staging', unknown>>
  /** Laid over `steps.detour.clone`, or over `blue-green`; the shop has a detour if it has a stand-in. */
  readonly detour?: Readonly<Record<string, unknown>>
  /** The base version; none when left out. */
  readonly base?: string
}

/** Returns the policy on the default branch: approvals, and the place of the shop. */
export const shopPolicy = (shop: Shop, variation: ConfigVariation = {}): string =>
  stringify({ version: 1, environments: environments(shop, variation) })

/** Returns the recipe in a release. Its environments are never read. */
export const shopRecipe = (shop: Shop, variation: ConfigVariation = {}): string =>
  stringify({
    version: 1,
    release: {
      schema: 'db/schema-version',
      ...(variation.base === undefined ? {} : { 'base-version': variation.base }),
      ...(shop.standIn.length === 0 || shop.blueGreen ? {} : { 'read-only': 'supported' }),
    },
    environments: environments(shop, variation),
    steps: { ...steps(variation), ...detourOf(shop, variation) },
    services: {
      web: web(variation, isSlotted(shop)),
      ...(variation.worker === undefined ? {} : { worker: variation.worker.recipe }),
    },
    ...(variation.tasks === undefined ? {} : { tasks: variation.tasks }),
  })

function environments(shop: Shop, { production, staging, staged, worker }: ConfigVariation) {
  const everywhere = servicesOf(shop, () => true)
  const beside = (environment: 'production' | 'staging') =>
    worker === undefined ? {} : { worker: worker[environment] }
  const there = (environment: 'production' | 'staging', isThere: (name: string) => boolean) => ({
    ...(staged === undefined ? everywhere : servicesOf(shop, isThere)),
    ...beside(environment),
  })
  return {
    production: {
      class: 'production',
      url: shop.frontDoor.url,
      services: there('production', (name) => staged?.includes(name) !== true),
      ...production,
    },
    staging: {
      class: 'staging',
      services: there('staging', (name) => staged?.includes(name) === true),
      ...staging,
    },
  }
}

function servicesOf(shop: Shop, isThere: (name: string) => boolean) {
  const instances = Object.fromEntries(
    shop.instances
      .filter(({ name }) => isThere(name))
      .map(({ name, env }) => [name, { ...env, FRONT_DOOR: shop.frontDoor.url }]),
  )
  const slots = { a: { PORT: '$PORT_A' }, b: { PORT: '$PORT_B' } }
  return { web: { fleet: { local: { instances }, ...(isSlotted(shop) ? { slots } : {}) } } }
}

/** True if the instances have two slots each. */
const isSlotted = ({ instances }: Shop): boolean => instances.some(({ places }) => places.length > 1)

function steps({ scheduler, migrate, steps: laid }: ConfigVariation) {
  const all = {
    build: 'bin/build',
    'pre-deploy': 'bin/pre-deploy',
    scheduler: {
      suspend: 'bin/scheduler suspend',
      running: 'bin/scheduler running',
      resume: 'bin/scheduler resume',
      kill: 'bin/scheduler kill',
      deploy: 'bin/scheduler deploy',
      'drain-timeout': '10s',
      interval: '50ms',
      'zero-readings': 2,
      ...scheduler,
    },
    migrate: { run: 'bin/migrate', phase: 'expand', ...migrate },
    'post-deploy': 'bin/post-deploy',
    ...laid,
  }
  return Object.fromEntries(Object.entries(all).filter(([, step]) => step !== null))
}

/** The stand-in: its instances, and the front door that sends visitors to a side. */
function detourOf(shop: Shop, variation: ConfigVariation) {
  const { standIn, blueGreen, frontDoor } = shop
  if (standIn.length === 0) return {}
  const { fleet, ...rest } = web({ rollout: { 'max-parallel': '100%' } }, false)
  const there = Object.fromEntries(
    standIn.map(({ name, env }) => [name, { ...env, FRONT_DOOR: frontDoor.url }]),
  )
  const service = { fleet: { ...fleet, local: { instances: there } }, ...rest }
  return {
    detour: blueGreen ? movingOver(shop, service, variation) : steppingAside(shop, service, variation),
  }
}

const pointing = { observe: 'bin/door observe', point: 'bin/door point' }

/** The stand-in has a copy of the database, and serves while home is changed. */
const steppingAside = ({ databases, instances }: Shop, aside: object, { detour }: ConfigVariation) => ({
  clone: {
    database: { sqlite: { home: databases.home, 'stand-in': databases['stand-in'] } },
    door: { command: { ...pointing, writes: { open: 'bin/door open', shut: 'bin/door shut' } } },
    services: { aside },
    links: instances.map(({ url }) => url),
    ...detour,
  },
})

/** Both sides work on one database, or on one each, and visitors are on one of them. */
const movingOver = (
  { instances, standIn, databases, ownDatabases }: Shop,
  web: object,
  { detour }: ConfigVariation,
) => ({
  'blue-green': {
    ...(ownDatabases
      ? {
          database: { own: { sqlite: { home: databases.home, 'stand-in': databases['stand-in'] } } },
          door: { command: { ...pointing, writes: { open: 'bin/door open', shut: 'bin/door shut' } } },
        }
      : { database: 'shared', door: { command: pointing } }),
    services: { web },
    links: { home: instances.map(({ url }) => url), 'stand-in': standIn.map(({ url }) => url) },
    ...detour,
  },
})

/** Here all answers at once; but a machine with other work may stand still for seconds. */
const PATIENCE = '15s'

function web({ rollout, web: laid }: ConfigVariation, slotted: boolean) {
  const address = 'http://127.0.0.1:$PORT'
  return {
    fleet: { stop: 'bin/stop', install: 'bin/install', start: 'bin/start' },
    traffic: {
      command: {
        leave: 'bin/leave',
        ...(slotted ? { enter: 'bin/enter' } : {}),
        serving: {
          http: `$FRONT_DOOR/_pool/$ROLLGATE_INSTANCE${slotted ? '-$ROLLGATE_SLOT' : ''}`,
          timeout: PATIENCE,
        },
        timeout: PATIENCE,
      },
    },
    version: { http: `${address}/version`, timeout: PATIENCE },
    'health-check': {
      // A slot says that it is alive when it enters traffic, which is after this.
      http: `${address}/${slotted ? 'version' : 'is-alive'}`,
      interval: '20ms',
      'min-healthy-time': '50ms',
      'healthy-deadline': PATIENCE,
      timeout: PATIENCE,
    },
    'self-test': { http: `${address}/self-test`, timeout: PATIENCE },
    rollout: {
      'max-parallel': 1,
      'progress-deadline': '30s',
      ...(slotted ? { order: 'start-first' } : {}),
      ...rollout,
    },
    ...laid,
  }
}
