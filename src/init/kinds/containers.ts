import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'
import { copiedAndAbsent } from './copied.ts'
import { imageName, ofOthers } from './images.ts'
import { type KnownMapping, mapping, readYaml, words } from './manifest.ts'

const composeFile = /^(?:docker\/|deploy\/|\.docker\/)?(?:docker-)?compose\.ya?ml$/
const production = /^(?:docker\/|deploy\/)?(?:docker-)?compose[.-](?:prod|production|deploy|live)\.ya?ml$/
const serviceName = /^[a-zA-Z0-9][\w.-]*$/

/** Docker Compose: the services that have the release in them, or else all of the file for production. */
export function compose(folder: FolderSeen): Sketch | null {
  const seen = composeFiles(folder)
  if (seen === null) return null
  const { files, services, live } = seen
  const started = Object.keys(services).filter((name) => mapping(services[name]).profiles === undefined)
  const own = started.filter((name) => holdsRelease(mapping(services[name])))
  const taken = own.length > 0 ? own : live ? started : []
  if (started.some((name) => isUntold(mapping(services[name]), folder))) return fixedImages(folder)
  if (live && started.length === 0) return onlyProfiles(files)
  const forDevelopers =
    !live && taken.length > 0 && taken.some((name) => mountsSources(mapping(services[name])))
  if (taken.length === 0 || forDevelopers) return null
  const port = taken.map((name) => publishedPort(mapping(services[name]))).find((one) => one !== null) ?? null
  const fixed = own.length === 0 && !taken.some((name) => mountsFiles(mapping(services[name])))
  if (fixed) return fixedImages(folder)
  const tags = [...new Set(taken.flatMap((name) => tagVariable(mapping(services[name])) ?? []))]
  return sketch({
    title: 'Docker Compose',
    because: files.join(' and '),
    running: { kind: 'compose', files, services: taken, tags },
    port: port ?? 80,
  })
}

/** Compose for production that starts nothing by itself: each host names the profiles that it runs. */
const onlyProfiles = (files: readonly string[]): Sketch =>
  sketch({
    title: 'Docker Compose',
    because: files.join(' and '),
    running: { kind: 'unknown' },
    missing: [
      `Every service in ${files.join(' and ')} has a profile: the commands that start and stop the profiles of one instance are missing.`,
    ],
  })

/** Compose whose images all have a fixed tag: another release changes nothing, and one sentence says so. */
export function fixedImages(folder: FolderSeen): Sketch | null {
  const seen = composeFiles(folder)
  const [service, image] =
    Object.entries(seen?.services ?? {})
      .map(([name, one]) => [name, words(mapping(one).image)] as const)
      .find(([, one]) => one !== '' && !ofOthers.test(imageName(one))) ?? []
  if (seen === null || service === undefined || image === undefined) return null
  const named = imageName(image)
  const wanted = /^[\w./:-]+$/.test(named) ? `${named}:\${TAG}` : 'acme/shop:${TAG}'
  return sketch({
    title: 'Docker Compose',
    because: seen.files.join(' and '),
    running: { kind: 'unknown' },
    missing: [
      `No image in ${seen.files.join(' and ')} is told the release (${service} is always the same): write image: ${wanted} for the one that you build, and run rollgate init again.`,
    ],
  })
}

interface ComposeSeen {
  readonly files: readonly string[]
  readonly services: KnownMapping
  /** True if there is a file for production. */
  readonly live: boolean
}

function composeFiles(folder: FolderSeen): ComposeSeen | null {
  const [base] = folder.matching(composeFile)
  const [live] = folder.matching(production)
  const files = filesOf(folder, base, live)
  if (files.length === 0) return null
  return { files, services: merged(files.map((file) => servicesOf(folder, file))), live: live !== undefined }
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

/** True for a service that is built here, or that takes the release as its tag. */
const holdsRelease = (service: KnownMapping): boolean =>
  service.build !== undefined || tagVariable(service) !== null

/** True for a service whose image has the name of a folder here, and no release as its tag: the services beside it are not the app. */
function isUntold(service: KnownMapping, folder: FolderSeen): boolean {
  const name = imageName(words(service.image)).split('/').at(-1) ?? ''
  return (
    !holdsRelease(service) && name !== '' && folder.matching(/\//).some((path) => path.startsWith(`${name}/`))
  )
}

/** Returns the variable that is the tag of an image, as in `acme/shop:${TAG:-latest}`. */
function tagVariable({ build, image }: KnownMapping): string | null {
  const [, named = '', variable] = /^(.+?):[^:/]*\$\{?([A-Za-z_]\w*)/.exec(words(image)) ?? []
  return build !== undefined || variable === undefined || ofOthers.test(named) ? null : variable
}

/** True if files of the repository are mounted into it: they are the release. */
function mountsFiles({ volumes }: KnownMapping): boolean {
  const all: readonly unknown[] = Array.isArray(volumes) ? volumes : []
  return all.some((one) => /^\.\/?/.test(typeof one === 'string' ? one : words(mapping(one).source)))
}

/**
 * True if the working tree is mounted into it, or the folder that its image is made from: it runs the files of a
 * developer, not those of its image.
 */
function mountsSources({ volumes, build }: KnownMapping): boolean {
  const context = plainPath(typeof build === 'string' ? build : words(mapping(build).context))
  const all: readonly unknown[] = Array.isArray(volumes) ? volumes : []
  return all.some((one) => {
    const source = typeof one === 'string' ? (one.split(':')[0] ?? '') : words(mapping(one).source)
    return /^\.\/?(?:src|app)?$/.test(source) || (context !== '' && plainPath(source) === context)
  })
}

/** `./web/` → `web` */
const plainPath = (path: string): string => path.replace(/^\.\//, '').replace(/\/$/, '')

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
  const [absent] = copiedAndAbsent(folder, text)
  return sketch({
    title: 'Dockerfile',
    because: file,
    running: { kind: 'container', file, port: exposed ?? '8080' },
    port: Number(exposed ?? 8080) < 1024 ? 8080 : Number(exposed ?? 8080),
    missing:
      absent === undefined
        ? []
        : [
            `${file} copies ${absent}, which is not in the repository: the command that makes it before docker build is missing.`,
          ],
  })
}
