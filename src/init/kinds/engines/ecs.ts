import type { FolderSeen } from '../../repository.ts'
import { type Sketch, sketch } from '../../sketch.ts'
import { isOfOthers, writtenImage } from '../images.ts'
import { mapping, readJson, words } from '../manifest.ts'

const definition = /(?:^|\/)[\w.-]*task-?def(?:inition)?[\w.-]*\.json$/i
const plainName = /^[A-Za-z0-9][\w-]{0,60}$/

/** Amazon ECS: a task definition that has an image of this repository. */
export function ecs(folder: FolderSeen): Sketch | null {
  const [seen] = folder.matching(definition).flatMap((path) => readDefinition(path, folder.text(path)))
  if (seen === undefined) return null
  const { path, family, containers, all } = seen
  const settings = [
    { key: 'service', value: family, why: 'the name of the service in its cluster: correct it' },
    { key: 'task-definition', value: path, why: 'registered with the digests of the release' },
  ]
  const place = { key: 'cluster', value: folder.name, why: 'the cluster of the service: correct it' }
  const name = family.toLowerCase()
  return sketch({
    title: 'Amazon ECS',
    because: path,
    running: {
      kind: 'engine',
      services: [{ name, kind: 'ecs', settings, place, containers, alone: all === 1, places: new Map() }],
    },
  })
}

function readDefinition(path: string, text: string | null) {
  const { family, containerDefinitions } = readJson(text)
  if (!Array.isArray(containerDefinitions)) return []
  const all = containerDefinitions.map(mapping)
  const own = all.filter(({ name, image }) => plainName.test(words(name)) && !isOfOthers(words(image)))
  const containers = own.map(({ name, image }) => ({ name: words(name), image: writtenImage(words(image)) }))
  const called = plainName.test(words(family)) ? words(family) : (containers[0]?.name ?? '')
  return containers.length === 0 ? [] : [{ path, family: called, containers, all: all.length }]
}
