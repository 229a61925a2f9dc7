import type { EngineSetting, EngineSketch } from '../../engine-sketch.ts'
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
    const all = Object.entries(mapping(readYaml(folder.text(path)).services))
    const services = all.filter(([name, one]) => plainName.test(name) && isOwn(mapping(one)))
    const rolled = named.test(path) || services.some(([, one]) => isRolled(mapping(one)))
    if (services.length === 0 || !rolled) continue
    return sketch({
      title: 'Docker Swarm',
      because: path,
      running: {
        kind: 'engine',
        services: services.map(([name, one]) => serviceOf(folder.name, name, mapping(one))),
      },
    })
  }
  return null
}

const isOwn = ({ image }: KnownMapping): boolean => words(image) !== '' && !isOfOthers(words(image))

const isRolled = ({ deploy }: KnownMapping): boolean => ofSwarm.some((key) => key in mapping(deploy))

function serviceOf(stack: string, name: string, service: KnownMapping): EngineSketch {
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
  const containers = [{ name, image: writtenImage(words(service.image)) }]
  return { name, kind: 'swarm', settings, place: null, containers, alone: true, places: new Map() }
}

const stackName = (text: string): string => text.toLowerCase().replace(/[^a-z0-9_-]+/g, '-')
