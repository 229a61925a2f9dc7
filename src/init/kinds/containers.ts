import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'
import { type KnownMapping, mapping, readYaml, words } from './manifest.ts'

const composeFile = /^(?:docker\/|deploy\/|\.docker\/)?(?:docker-)?compose\.ya?ml$/
const production = /^(?:docker\/|deploy\/)?(?:docker-)?compose[.-](?:prod|production|deploy|live)\.ya?ml$/
const serviceName = /^[a-zA-Z0-9][\w.-]*$/

/** Docker Compose: the services that are built here, or else all of the file for production. */
export function compose(folder: FolderSeen): Sketch | null {
  const [base] = folder.matching(composeFile)
  const [live] = folder.matching(production)
  const files = filesOf(folder, base, live)
  if (files.length === 0) return null
  const services = merged(files.map((file) => servicesOf(folder, file)))
  const built = Object.keys(services).filter((name) => isOwn(mapping(services[name])))
  const taken = built.length > 0 ? built : live === undefined ? [] : Object.keys(services)
  const forDevelopers =
    live === undefined && taken.length > 0 && taken.every((name) => mountsSources(mapping(services[name])))
  if (taken.length === 0 || forDevelopers) return null
  const port = taken.map((name) => publishedPort(mapping(services[name]))).find((one) => one !== null) ?? null
  return sketch({
    title: 'Docker Compose',
    because: files.join(' and '),
    running: { kind: 'compose', files, services: taken },
    port: port ?? 80,
  })
}

/** A file for production either stands alone, or is laid over the base: then no service of it says what to run. */
function filesOf(folder: FolderSeen, base: string | undefined, live: string | undefined): readonly string[] {
  if (live === undefined) return base === undefined ? [] : [base]
  const alone = Object.values(servicesOf(folder, live)).every((one) => {
    const { image, build } = mapping(one)
    return image !== undefined || build !== undefined
  })
  return alone || base === undefined ? [live] : [base, live]
}

function servicesOf(folder: FolderSeen, file: string): KnownMapping {
  const { services } = readYaml(folder.text(file))
  return Object.fromEntries(Object.entries(mapping(services)).filter(([name]) => serviceName.test(name)))
}

function merged(all: readonly KnownMapping[]): KnownMapping {
  const names = all.flatMap((one) => Object.keys(one))
  return Object.fromEntries(
    [...new Set(names)].map((name) => [name, Object.assign({}, ...all.map((one) => mapping(one[name])))]),
  )
}

/** True for a service that the repository makes itself, and starts without a profile. */
const isOwn = ({ build, profiles }: KnownMapping): boolean => build !== undefined && profiles === undefined

/** True if the working tree is mounted into it: it runs the files of a developer, not those of its image. */
function mountsSources({ volumes }: KnownMapping): boolean {
  const all: readonly unknown[] = Array.isArray(volumes) ? volumes : []
  return all.some((one) => {
    const source = typeof one === 'string' ? (one.split(':')[0] ?? '') : words(mapping(one).source)
    return /^\.\/?(?:src|app)?$/.test(source)
  })
}

function publishedPort({ ports }: KnownMapping): number | null {
  for (const one of Array.isArray(ports) ? ports : []) {
    const text = typeof one === 'object' ? String(mapping(one).published ?? '') : String(one)
    const [, port] = /^(?:[\d.]+:)?(?:\$\{\w+:-)?(\d{2,5})\}?(?::\d+)?(?:\/tcp)?$/.exec(text) ?? []
    if (port !== undefined && Number(port) <= 65_535) return Number(port)
  }
  return null
}

/** A Dockerfile at the root of the app, or in the one usual folder beside it. */
export function dockerfile(folder: FolderSeen): Sketch | null {
  const file = ['Dockerfile', 'Dockerfile.prod', 'Dockerfile.production', 'docker/Dockerfile'].find(
    folder.has,
  )
  if (file === undefined) return null
  const text = folder.text(file) ?? ''
  const exposed = [...text.matchAll(/^EXPOSE\s+(\d{2,5})\b/gim)].at(-1)?.[1]
  const starts =
    /^(?:CMD|ENTRYPOINT)\b/im.test(text) || /^FROM\s+(?:\S*\/)?(?:nginx|httpd|caddy|tomcat)\b/im.test(text)
  if (!starts) return null
  return sketch({
    title: 'Dockerfile',
    because: file,
    running: { kind: 'container', file, port: exposed ?? '8080' },
    port: Number(exposed ?? 8080) < 1024 ? 8080 : Number(exposed ?? 8080),
  })
}
