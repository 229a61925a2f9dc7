import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'
import { healthPath } from './health-path.ts'

/** The program that `go build` makes in the copy of the release. */
export const goProgram = './.rollgate-server'

/** A Go program: `main` at the root, or the only command below `cmd/`. */
export function go(folder: FolderSeen): Sketch | null {
  if (!folder.has('go.mod')) return null
  const atRoot = folder.has('main.go') || folder.matching(/^[\w-]+\.go$/).some((file) => isMain(folder, file))
  const commands = folder.matching(/^cmd\/[\w-]+\/main\.go$/)
  if (!atRoot && commands.length === 0) return null
  const [first = ''] = commands
  const source = atRoot ? '.' : `./${first.replace(/\/main\.go$/, '')}`
  const several = !atRoot && commands.length > 1
  const missing = several
    ? [`There are ${commands.length} programs below cmd/: which of them serves is missing.`]
    : forItsUsers(folder, goReleased(folder))
  return sketch({
    title: 'Go',
    because: 'go.mod',
    running: missing.length > 0 ? { kind: 'unknown' } : { kind: 'process', start: goProgram },
    build: several ? ['go build ./...'] : [`go build -o .rollgate-server ${source}`],
    port: 8080,
    health: healthPath(folder),
    missing,
  })
}

/** A sign of the tool that releases Go programs for the machines of their users. */
function goReleased(folder: FolderSeen): string | null {
  const [config] = folder.matching(/^\.goreleaser\.ya?ml$/)
  return config === undefined ? null : `${config} shows a program that its users install`
}

/** Returns the sentence that is missing for a program that seems to be no server; empty if a file tells that it serves. */
function forItsUsers(folder: FolderSeen, sign: string | null): readonly string[] {
  const serves =
    folder.matching(dockerfiles).some((file) => /^EXPOSE\b/im.test(folder.text(file) ?? '')) ||
    folder.matching(/^Procfile$|\.service$/).length > 0 ||
    folder.matching(mains).some((file) => /Listen|Serve/.test(folder.text(file) ?? '')) ||
    healthPath(folder) !== null
  if (sign === null || serves) return []
  return [
    `${sign}, and no EXPOSE, unit or Procfile tells that it serves: the command that starts it is missing.`,
  ]
}

const dockerfiles = /^(?:[\w-]+\/)*(?:[\w.-]+\.)?Dockerfile$/
const mains = /^(?:src\/|cmd\/[\w-]+\/)?main\.(?:go|rs)$/

const isMain = (folder: FolderSeen, file: string): boolean => /^package main$/m.test(folder.text(file) ?? '')

/** A Spring Boot or Quarkus app, built by the wrapper in the repository or by the tool of the machine. */
export function java(folder: FolderSeen): Sketch | null {
  const maven = folder.text('pom.xml')
  const gradle = folder.text('build.gradle') ?? folder.text('build.gradle.kts')
  const build = maven ?? gradle
  if (build === null || !/spring-boot|quarkus|micronaut/.test(build)) return null
  // It only lists its modules, which have the apps.
  if (/<packaging>\s*pom\s*</.test(build)) return null
  const wrapper = maven === null ? 'gradlew' : 'mvnw'
  const tool = folder.has(wrapper) ? `sh ./${wrapper}` : maven === null ? 'gradle' : 'mvn'
  const quarkus = /quarkus/.test(build)
  const target = maven === null ? 'build' : 'target'
  const jar = quarkus
    ? `${target}/quarkus-app/quarkus-run.jar`
    : `"$(find ${maven === null ? 'build/libs' : 'target'} -maxdepth 1 -name '*.jar' ! -name '*-plain.jar' ! -name 'original-*' | head -n 1)"`
  return sketch({
    title: quarkus ? 'Quarkus' : 'Spring Boot',
    because: maven === null ? 'build.gradle' : 'pom.xml',
    running: {
      kind: 'process',
      start: `${quarkus ? 'QUARKUS_HTTP_PORT' : 'SERVER_PORT'}="$PORT" java -jar ${jar}`,
    },
    build: [maven === null ? `${tool} --console=plain assemble` : `${tool} --batch-mode -DskipTests package`],
    port: 8080,
    health: /actuator/.test(build) ? '/actuator/health' : null,
  })
}

/** A web app of ASP.NET Core: the only project of it. */
export function dotnet(folder: FolderSeen): Sketch | null {
  const projects = folder
    .matching(/^(?:[\w.-]+\/){0,3}[\w.-]+\.csproj$/)
    .filter((path) => /Sdk="Microsoft\.NET\.Sdk\.Web"/.test(folder.text(path) ?? ''))
  const [project] = projects
  if (project === undefined) return null
  const name =
    project
      .split('/')
      .at(-1)
      ?.replace(/\.csproj$/, '') ?? ''
  const several = projects.length > 1
  return sketch({
    title: 'ASP.NET Core',
    because: project,
    running: several
      ? { kind: 'unknown' }
      : {
          kind: 'process',
          start: `ASPNETCORE_URLS="http://127.0.0.1:$PORT" dotnet .rollgate-out/${name}.dll`,
        },
    build: several
      ? ['dotnet build']
      : [`dotnet publish ${project} --configuration Release --output .rollgate-out`],
    port: 5000,
    missing: several ? [`There are ${projects.length} web projects: which of them serves is missing.`] : [],
  })
}

/** A Rust program of one package. */
export function rust(folder: FolderSeen): Sketch | null {
  const manifest = folder.text('Cargo.toml')
  if (manifest === null || !folder.has('src/main.rs')) return null
  const [, name] = /^\[package\][^[]*?^name = "([\w-]+)"/ms.exec(manifest) ?? []
  if (name === undefined) return null
  const missing = forItsUsers(
    folder,
    servers.test(manifest) ? null : 'Cargo.toml names none of the usual libraries of servers',
  )
  return sketch({
    title: 'Rust',
    because: 'Cargo.toml',
    running: missing.length > 0 ? { kind: 'unknown' } : { kind: 'process', start: `target/release/${name}` },
    build: ['cargo build --release --locked'],
    port: 8080,
    health: healthPath(folder),
    missing,
  })
}

/** Crates by which a Rust program listens. The runtimes count: what is built on them may well listen. */
const servers =
  /^"?(?:actix(?:-web)?|async-std|axum|dropshot|gotham|hyper(?:-util)?|leptos(?:_\w+)?|ntex|pingora(?:-\w+)?|poem|rocket|rouille|salvo|smol|tide|tiny_http|tokio|tonic|trillium|viz|warp)"?\s*[=.]/m
