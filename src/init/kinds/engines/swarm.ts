import type { EngineSetting, EngineSketch, MadeFrom } from '../../engine-sketch.ts'
import type { FolderSeen } from '../../repository.ts'
import { type Sketch, sketch } from '../../sketch.ts'
import { isOfOthers, writtenImage } from '../images.ts'
import { type KnownMapping, mapping, readYaml, words } from '../manifest.ts'

const stackFile =
  /^(?:[\w.-]+\/)?(?:docker-)?(?:stack|swarm|compose)(?:[.-](?:prod|production|deploy|live|stack|swarm))?\.ya?ml$/
const named = /(?:stack|swarm)[\w.-]*\.ya?ml$/
/** Keys of `deploy` that Compose by itself passes over. */
const ofSwarm = ['mode', 'update_config', 'rollback_config', 'placement', 'endpoint_mode']
const plainName = /^[a-zA-Z0-9][\w-]*$/

/** Docker Swarm: a stack file, or a Compose file whose services say how a swarm rolls them. */
export function swarm(folder: FolderSeen): Sketch | null {
  for (const path of folder.matching(stackFile)) {
    const all = Object.entries(withBuilds(folder, path))
    const services = all.filter(([name, one]) => plainName.test(name) && isOwn(mapping(one)))
    const rolled = named.test(path) || services.some(([, one]) => isRolled(mapping(one)))
    if (services.length === 0 || !rolled) continue
    return sketch({
      title: 'Docker Swarm',
      because: path,
      running: {
        kind: 'engine',
        services: services.map(([name, one]) =>
          serviceOf(folder.name, name, mapping(one), path.split('/').slice(0, -1).join('/')),
        ),
      },
    })
  }
  return null
}

/** Returns the services of a stack. The Compose file beside it says where one of the same name is built from. */
function withBuilds(folder: FolderSeen, path: string): KnownMapping {
  const services = mapping(readYaml(folder.text(path)).services)
  const place = path.split('/').slice(0, -1)
  const beside = ['docker-compose.yml', 'docker-compose.yaml', 'compose.yml', 'compose.yaml']
  const file = beside.map((name) => [...place, name].join('/')).find((one) => one !== path && folder.has(one))
  const built = mapping(file === undefined ? {} : mapping(readYaml(folder.text(file)).services))
  return Object.fromEntries(
    Object.entries(services).map(([name, one]) => {
      const { build } = mapping(built[name])
      return [name, build === undefined ? one : { build, ...mapping(one) }]
    }),
  )
}

const isOwn = ({ image, build }: KnownMapping): boolean =>
  words(image) !== '' && (build !== undefined || !isOfOthers(words(image)))

const isRolled = ({ deploy }: KnownMapping): boolean => ofSwarm.some((key) => key in mapping(deploy))

function serviceOf(stack: string, name: string, service: KnownMapping, place: string): EngineSketch {
  const update = mapping(mapping(service.deploy).update_config)
  const { parallelism } = update
  const settings: EngineSetting[] = [
    {
      key: 'service',
      value: `${stackName(stack)}_${name}`,
      why: 'STACK_SERVICE, as docker service ls prints it: correct the name of the stack',
    },
    ...(update.order === 'start-first' ? [{ key: 'order', value: 'start-first', why: null }] : []),
    ...(typeof parallelism === 'number' ? [{ key: 'parallelism', value: parallelism, why: null }] : []),
  ]
  const containers = [{ name, image: writtenImage(words(service.image)), ...madeFrom(service, place) }]
  return { name, kind: 'swarm', settings, place: null, containers, alone: true, places: new Map() }
}

/** Swarm itself builds nothing: the build of the release does what `build` says. */
function madeFrom({ build }: KnownMapping, place: string): { readonly made?: MadeFrom } {
  if (build === undefined) return {}
  const written = typeof build === 'string' ? build : words(mapping(build).context)
  const parts = [...place.split('/'), ...written.split('/')].filter((part) => part !== '' && part !== '.')
  const up = parts.indexOf('..')
  const context = (up > 0 ? parts.toSpliced(up - 1, 2) : parts).join('/')
  const file = words(mapping(typeof build === 'string' ? {} : build).dockerfile) || 'Dockerfile'
  return plainPath.test(`${context}/${file}`) ? { made: { context, file } } : {}
}

/** A path below the app that may stand in a script. */
const plainPath = /^(?:(?!\.\.?\/)[\w@+.-]*\/)*[\w@+.-]+$/

const stackName = (text: string): string => text.toLowerCase().replace(/[^a-z0-9_-]+/g, '-')
