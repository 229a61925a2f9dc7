import type { EnvironmentWanted } from '../answers.ts'
import { byDigest, type EngineSetting, type EngineSketch, imagesOf } from '../engine-sketch.ts'
import type { ConfigParts } from './parts.ts'
import { indented, inline } from './yaml.ts'

/** Returns the services that engines roll; none for an app whose instances Rollgate rolls itself. */
export const engineServices = ({ made: { running } }: ConfigParts): readonly EngineSketch[] =>
  running.kind === 'engine' ? running.services : []

/** Returns what one environment says of the engines: the place of each service there. */
export function enginesThere(parts: ConfigParts, { name, class: stake }: EnvironmentWanted): string[] {
  const several = parts.answers.environments.length > 1
  return engineServices(parts).flatMap(({ name: service, kind, place, places }) => {
    if (place === null) return []
    const named = placeNamed(name, places)
    const there: EngineSetting = named
      ? { key: place.key, value: named, why: null }
      : several && stake !== 'production'
        ? { key: place.key, value: `${place.value}-${name}`, why: 'a guess: correct it' }
        : place
    return [
      `${inline(service)}:`,
      ...indented(1, ['engine:', ...indented(1, [`${kind}:`, ...indented(1, [settingLine(there)])])]),
    ]
  })
}

/** Returns the place of an environment: that of the folder with its name, also where the folder has a short one. */
function placeNamed(environment: string, places: ReadonlyMap<string, string>): string | undefined {
  const short = [...places.keys()].find((folder) => isShortFor(folder, environment))
  return places.get(environment) ?? places.get(short ?? '')
}

/** True for `prod` and `production`, `stage` and `staging`, `dev` and `development`. */
const isShortFor = (folder: string, environment: string): boolean =>
  folder.length > 2 && (environment.startsWith(folder) || folder.slice(0, 4) === environment.slice(0, 4))

const docs = 'https://github.com/rollgate/rollgate/blob/v0/docs'

/** The facts of an engine that its config depends on. */
interface EngineFacts {
  /** The needs of the runner, in words. */
  readonly needs: string
  /** True if commands run as its jobs. */
  readonly hasJobs: boolean
  /** True if it has timed jobs, which rest around a migration. */
  readonly hasScheduler: boolean
  /** True if the script speaks to it. */
  readonly isSpokenTo: boolean
}

const adapter = { hasJobs: true, hasScheduler: false, isSpokenTo: false }

const facts: { readonly [Kind in EngineSketch['kind']]: EngineFacts } = {
  kubernetes: {
    ...adapter,
    needs: `the runner needs kubectl and an account: ${docs}/engines-kubernetes.md#the-account`,
    hasScheduler: true,
  },
  swarm: {
    ...adapter,
    needs: `the runner needs docker and a manager, by a context or by host: ${docs}/engines-swarm.md`,
  },
  ecs: { ...adapter, needs: `the runner needs aws with credentials: ${docs}/engines-ecs.md` },
  command: {
    needs: `any engine, by commands: ${docs}/engines.md#any-engine-by-commands`,
    hasJobs: false,
    hasScheduler: false,
    isSpokenTo: true,
  },
}

/** Returns the services of a recipe that engines roll. */
export function engineLines(parts: ConfigParts): string[] {
  const services = engineServices(parts)
  const images = imagesOf(services)
  return services.flatMap((one) => [
    `${inline(one.name)}:`,
    ...indented(1, [
      'engine: # rolls by itself: Rollgate hands over, watches, and believes what it has seen',
      ...indented(1, [
        `${one.kind}: # ${facts[one.kind].needs}`,
        ...indented(1, [
          ...one.settings.map(settingLine),
          ...imageLines(one, images),
          ...(facts[one.kind].isSpokenTo ? spoken(parts) : []),
        ]),
        'min-healthy-time: 10s # for as long every replica must stay ready',
        'deadline: 15m',
        'on-failure: ask # a person decides; roll-back: without a question',
      ]),
    ]),
  ])
}

function imageLines(
  { containers, alone }: EngineSketch,
  images: ReturnType<typeof imagesOf>,
): readonly string[] {
  const [first] = containers
  if (alone && first !== undefined)
    return [`image: ${inline(byDigest(first.image, images))} # by its digest, which the build writes down`]
  const named = containers.map(({ name, image }) => `${inline(name)}: ${inline(byDigest(image, images))}`)
  return ['images: # by container, each by its digest, which the build writes down', ...indented(1, named)]
}

const spoken = ({ scriptPath }: ConfigParts): readonly string[] => [
  `state: ${inline(`${scriptPath} state`)} # JSON, which is what Rollgate believes`,
  `hand-over: ${inline(`${scriptPath} hand-over`)}`,
]

const settingLine = ({ key, value, why }: EngineSetting): string =>
  `${key}: ${inline(value)}${why === null ? '' : ` # ${why}`}`

/** Returns the steps that a person may want beside an engine, as comments, and the check of the front door. */
export function engineSteps(parts: ConfigParts): string[] {
  const [first] = engineServices(parts)
  if (first === undefined) return []
  const job = !facts[first.kind].hasJobs ? '' : `, on: { engine: ${inline(first.name)} }`
  const door = frontDoor(parts)
  const path = door?.path ?? parts.answers.health?.replace(/^https?:\/\/[^/]+/, '') ?? '/health'
  const verify = `verify: { http: ${inline(`$ROLLGATE_URL${path}`)} } # through the front door, after all services`
  return [
    ...(facts[first.kind].hasScheduler
      ? [`# scheduler: { engine: ${inline(first.name)} } # its CronJobs rest while the database is migrated`]
      : []),
    `# migrate: { run: bin/migrate, phase: expand${job} } # ${job === '' ? 'on the runner' : 'as a job, in the image of the release'}`,
    door === null ? `# ${verify}; needs the url of each environment` : verify,
  ]
}

/** The address of the health check in two parts, where the only environment of an engine has it at its front door. */
export function frontDoor(parts: ConfigParts): { readonly url: string; readonly path: string } | null {
  const { environments, health } = parts.answers
  const [, url, path] = /^(https?:\/\/[^/]+)(\/.*)?$/.exec(health ?? '') ?? []
  const isOne = environments.length === 1 && engineServices(parts).length > 0
  return url === undefined || !isOne ? null : { url, path: path ?? '' }
}
