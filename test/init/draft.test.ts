import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { environmentFindings } from '../../src/domain/check/environment.ts'
import { onEngines, onFleets } from '../../src/domain/config/declared-service.ts'
import type { TreeEntry } from '../../src/domain/release/release-tree.ts'
import { configPath, type Draft, nameOf } from '../../src/init/draft.ts'
import { readPolicies, readRecipe } from '../../src/inputs/config/read.ts'
import { appOf, draftOf } from './drafted.ts'
import { type RepositoryKind, repositories, workloadText } from './repositories.ts'

const apps = (Object.keys(repositories) as RepositoryKind[]).filter((kind) => kind !== 'monorepo')
const guarded: readonly RepositoryKind[] = ['kubernetes', 'library', 'helm']

const configOf = ({ files }: Draft) => files.find(({ path }) => path === configPath)?.text ?? ''

function recipesOf(draft: Draft) {
  const source = { path: configPath, text: configOf(draft), commit: 'the draft' }
  return readPolicies(source).map((policy) => ({
    policy,
    recipe: readRecipe(source, { source, environment: policy.name }),
  }))
}

/** Returns the problems that `rollgate check` would find. */
function problemsOf(draft: Draft): string[] {
  const entries = new Map<string, TreeEntry>([
    ['bin', 'folder'],
    ...draft.files.map(({ path, executable }): [string, TreeEntry] => [
      path,
      executable ? 'executable' : 'file',
    ]),
  ])
  const text = { text: draft.script.text, carriageReturns: false }
  const seen = {
    tree: { entries, whole: true },
    ignored: '',
    texts: new Map([[draft.script.path, text]]),
    notAdded: new Set<string>(),
  }
  return recipesOf(draft).flatMap((one) =>
    environmentFindings(one, seen).flatMap(({ weight, what }) => (weight === 'problem' ? [what] : [])),
  )
}

const workload = workloadText('Deployment', 'web', 'ghcr.io/acme/shop')

const inBash = (script: string): string =>
  spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' }).stderr.trim()

const overSsh = {
  environments: 'staging production',
  hosts: 'staging: s-1; production: deploy@web-1 web-2=10.0.0.2',
}

describe.each(apps)('the draft for %s', (kind) => {
  test.each([
    ['on the runner', {}],
    ['over ssh', overSsh],
  ])('%s: check finds no problem but commands to fill in, and bash reads the script', async (_, given) => {
    const draft = await draftOf(repositories[kind], { given })
    const open = problemsOf(draft).filter((what) => !/nothing is there yet that/.test(what))
    expect([open, inBash(draft.script.text)]).toEqual([[], ''])
    expect(draft.guarded.length > 0).toBe(guarded.includes(kind))
    expect(draft.files.length + 2).toBeLessThanOrEqual(5)
  })
})

describe('a config', () => {
  test('for an app with a health path, a migration and variables', async () => {
    const { policy, recipe } = recipesOf(await draftOf(repositories.node))[0] ?? {}
    expect(policy).toMatchObject({ name: 'production', class: 'production', approval: { kind: 'reviewers' } })
    expect(recipe?.steps.migrate).toMatchObject({
      command: { run: 'bin/rollgate-instance migrate' },
      phase: 'expand',
    })
    expect(onFleets(recipe?.services ?? [])[0]?.healthCheck).toMatchObject({
      probe: { kind: 'http', url: 'http://127.0.0.1:$PORT/health' },
    })
  })

  test('over ssh: hosts of each environment, the variables that reach them, and what is uploaded', async () => {
    const recipes = recipesOf(await draftOf(repositories.node, { given: overSsh }))
    const fleets = recipes.map(({ recipe }) => onFleets(recipe.services)[0]?.fleet)
    expect(fleets[1]).toMatchObject({
      kind: 'ssh',
      user: 'deploy',
      sendEnv: ['DATABASE_URL'],
      upload: 'build/rollgate.tar.gz',
      instances: [{ name: 'web-1' }, { name: 'web-2', host: '10.0.0.2' }],
    })
    expect(recipes[1]?.policy.verifiedIn).toBe('staging')
  })

  test('two environments on one machine: a port each', async () => {
    const draft = await draftOf(repositories.node, { given: { environments: 'staging production' } })
    expect([...configOf(draft).matchAll(/PORT: "(\d+)"/g)].map(([, port]) => port)).toEqual(['3000', '3001'])
  })

  test('files behind a link change in place: the instance keeps its traffic', async () => {
    const orders = await Promise.all(
      (['pages', 'laravel', 'node'] as const).map(async (kind) => {
        const [{ recipe } = expect.fail('there is no recipe')] = recipesOf(await draftOf(repositories[kind]))
        return onFleets(recipe.services)[0]?.rollout.order.kind
      }),
    )
    expect(orders).toEqual(['in-place', 'in-place', 'stop-first'])
  })

  test('manifests of an engine: a service of each, a place in each environment, and its front door', async () => {
    const given = { environments: 'staging production' }
    const recipes = recipesOf(await draftOf(repositories.manifests, { given }))
    const alone = { health: 'https://shop.example.com/up' }
    const [one] = recipesOf(await draftOf(repositories.manifests, { given: alone }))
    const places = recipes.map(({ recipe }) => onEngines(recipe.services).map(({ engine }) => engine))
    const image = 'ghcr.io/acme/shop@$DIGEST'
    expect(places[1]).toMatchObject([
      {
        ...{ kind: 'kubernetes', namespace: 'shop', workload: { kind: 'deployment', name: 'web' } },
        ...{ images: { web: image }, manifests: ['k8s/web.yaml'] },
      },
      { kind: 'kubernetes', workload: { kind: 'statefulset', name: 'worker' } },
    ])
    expect(places[0]).toMatchObject([{ namespace: 'shop-staging' }, { namespace: 'shop-staging' }])
    expect(one?.recipe.steps.verify).toMatchObject({ http: { url: '$ROLLGATE_URL/up' } })
    expect(one?.policy.url).toBe('https://shop.example.com')
    expect(recipes[1]?.recipe.steps.verify ?? null).toBeNull()
  })

  test.each([
    ['a file with two workloads', `${workload}---\n${workload.replaceAll('web', 'worker')}`],
    ['a template', workload.replace('kind: Deployment', 'kind: Deployment # {{ .Values }}')],
  ])('manifests in %s: the file is not applied, which would set other images back', async (_, text) => {
    const draft = await draftOf({ 'k8s/web.yaml': text, Dockerfile: 'FROM scratch\nCMD ["/app"]\n' })
    expect(configOf(draft)).toContain('deployment: web')
    expect(configOf(draft)).not.toContain('manifests:')
  })

  test('an image that is a placeholder: a guard says what the build writes down', async () => {
    const files = { 'k8s/web.yaml': workload.replace('ghcr.io/acme/shop', '__IMAGE__') }
    const draft = await draftOf({ ...files, Dockerfile: 'FROM scratch\nCMD ["/app"]\n' })
    expect(configOf(draft)).toContain('image: $IMAGE@$DIGEST')
    expect(draft.guarded).toEqual([expect.stringContaining('writes IMAGE and DIGEST to $ROLLGATE_OUTPUT')])
  })

  test('two placeholders for images: two images, each with a digest of its own', async () => {
    const [web = '', api = ''] = ['web', 'api'].map((name) =>
      workloadText('Deployment', name, `\${REGISTRY}/${name}:\${TAG}`),
    )
    const draft = await draftOf({ 'k8s/web.yaml': web, 'k8s/api.yaml': api })
    expect(configOf(draft)).toContain('image: $REGISTRY_WEB@$DIGEST_REGISTRY_WEB')
    expect(configOf(draft)).toContain('image: $REGISTRY_API@$DIGEST_REGISTRY_API')
  })

  test('an overlay of Kustomize for the environment names its namespace, and another one does not', async () => {
    const overlay = (path: string) => [
      `deploy/overlays/${path}/kustomization.yaml`,
      `namespace: shop-${path}\n`,
    ]
    const files = {
      ...repositories.kustomize,
      ...Object.fromEntries([overlay('production'), overlay('stage')]),
    }
    const draft = await draftOf(files, { given: { environments: 'test staging production' } })
    expect(configOf(draft)).toMatch(/namespace: shop-production$/m)
    expect(configOf(draft)).toMatch(/namespace: shop-stage$/m)
    expect(configOf(draft)).toMatch(/namespace: shop-test # .*correct it$/m)
    expect(configOf(await draftOf(repositories.kustomize))).toMatch(/namespace: shop$/m)
  })

  test('a package of a workspace is installed by the tool whose lock file stands at the root', async () => {
    const page = JSON.stringify({ scripts: { build: 'astro build' }, dependencies: { astro: '7.0.0' } })
    const files = { 'package.json': '{}', 'pnpm-lock.yaml': '', 'docs/package.json': page }
    const install = async (more: Readonly<Record<string, string>>) =>
      (await draftOf({ ...files, ...more }, { path: 'docs' })).script.text
    expect(await install({ 'pnpm-workspace.yaml': '' })).toContain('pnpm install --frozen-lockfile')
    // Without a workspace the lock file is another package's.
    expect(await install({})).toContain('npm install --include=dev')
  })

  test('a container keeps its name where variables are passed on to it', async () => {
    const { script } = await draftOf(repositories.dockerfile)
    const [set = '', ...more] = script.text.match(/^\s*(?:name=.*|for name in .*)$/gm) ?? []
    expect([set, more]).toEqual([expect.stringContaining('ROLLGATE_INSTANCE'), []])
  })

  test('services of Compose with a profile do not start by themselves, and are left out', async () => {
    const base =
      'services:\n  web: { build: . }\n  cache: { image: memcached }\n  once: { image: shop-once }\n'
    const live = (web: string) =>
      `services:\n  web: ${web}\n  cache: { profiles: [never] }\n  once: { profiles: [never] }\n`
    const files = (web: string) => ({ 'compose.yaml': base, 'compose.production.yaml': live(web) })
    expect((await draftOf(files('{ restart: always }'))).script.text).toContain('for service in web; do')
    const { missing } = appOf(files('{ profiles: [host-0] }')).sketch
    expect(missing).toEqual([expect.stringContaining('has a profile')])
  })

  test('two images that end in one name: each has a digest of its own', async () => {
    const [web = '', admin = ''] = ['shop', 'admin'].map((place) =>
      workloadText('Deployment', place, `ghcr.io/acme/${place}/web`),
    )
    const draft = await draftOf({ 'k8s/web.yaml': web, 'k8s/admin.yaml': admin })
    const digests = [...configOf(draft).matchAll(/acme\/(\w+)\/web@\$(\w+)/g)].map(([, , digest]) => digest)
    expect(new Set(digests).size).toBe(2)
    expect(draft.guarded).toEqual([expect.stringContaining(digests.join(', '))])
  })

  test('named people approve where GitHub has no reviewers', async () => {
    const draft = await draftOf(repositories.node, { given: { approvers: '@alice acme/releasers' } })
    expect(recipesOf(draft)[0]?.policy.approval).toMatchObject({ from: ['alice', 'acme/releasers'] })
  })

  test('the environments are those that the repository names itself', async () => {
    const names = recipesOf(await draftOf(repositories.capistrano)).map(({ policy }) => policy.name)
    expect(names.toSorted()).toEqual(['production', 'staging'])
  })
})

describe('a script', () => {
  const takes = async (files: Readonly<Record<string, string>>, given = {}): Promise<string[]> => {
    const { script } = await draftOf(files, { given })
    return [...script.text.matchAll(/^ {2}([a-z]+)\) #/gm)].map(([, word]) => word ?? '')
  }

  test('takes the words that the config calls, and no others', async () => {
    for (const kind of apps)
      for (const given of [{}, overSsh, { health: '/up' }]) {
        const draft = await draftOf(repositories[kind], { given })
        const called = (await takes(repositories[kind], given)).filter(
          (word) =>
            !new RegExp(`${draft.script.path.split('/').at(-1)}"? ${word}\\b|"\\$script" ${word}\\b`).test(
              configOf(draft),
            ),
        )
        expect([kind, given, called]).toEqual([kind, given, []])
      }
  })

  test('gives the release to the images of Compose as their tag, and fetches them first', async () => {
    const { script } = await draftOf({ 'compose.yaml': 'services:\n  web:\n    image: "acme/web:${TAG}"\n' })
    expect(script.text).toContain('export TAG="${ROLLGATE_RELEASE:-none}"')
    expect(script.text).toMatch(/^ {2}build\)[^;]* pull web$/m)
  })
})

describe('the files', () => {
  test('git ignores bin: the script lies in .github', async () => {
    const draft = await draftOf(repositories.java, { ignored: true })
    expect(draft.script).toMatchObject({ path: '.github/rollgate/instance', executable: true })
    expect(problemsOf(draft)).toEqual([])
  })

  test('texts have the line ends of Windows: the script keeps those of Unix', async () => {
    const draft = await draftOf({ ...repositories.node, '.gitattributes': '* text eol=crlf\n' })
    expect(draft.files).toContainEqual({
      path: 'bin/.gitattributes',
      text: 'rollgate-instance text eol=lf\n',
      executable: false,
    })
  })

  test.each([
    ['My Shop', 'my-shop'],
    ['..', 'app'],
    ['$(reboot)', 'reboot'],
    ["it's", 'it-s'],
    ['日本', 'app'],
    ['a'.repeat(200), 'a'.repeat(60)],
  ])('a repository of the name %j is called %s', (name, called) => {
    expect(nameOf(name)).toBe(called)
  })
})

describe('the images of an engine', () => {
  const stack = (web: string, api: string): string =>
    `services:\n  web:\n    image: ghcr.io/acme/web:\${TAG}\n    build: ${web}\n    deploy: { mode: replicated }\n  api:\n    image: ghcr.io/acme/api:\${TAG}\n    build: ${api}\n    deploy: { mode: replicated }\n`
  const files = { 'web/Dockerfile': 'FROM scratch\n', 'services/api/Dockerfile.live': 'FROM scratch\n' }

  test('a stack that says where each is built from: the script builds all of them', async () => {
    const { script, missing, guarded } = await draftOf({
      ...files,
      'ops/docker-stack.yml': stack('../web', '{ context: ../services/api, dockerfile: Dockerfile.live }'),
    })
    expect([missing, guarded]).toEqual([[], []])
    expect(script.text).toContain('docker buildx build --push --tag "$tag" "$ROLLGATE_CHECKOUT/web"')
    expect(script.text).toContain(
      '--file "$ROLLGATE_CHECKOUT/services/api/Dockerfile.live" "$ROLLGATE_CHECKOUT/services/api"',
    )
    for (const output of ['DIGEST_WEB', 'DIGEST_API'])
      expect(script.text).toContain(`echo "${output}=$digest" >> "$ROLLGATE_OUTPUT"`)
  })

  test('a stack that names images, beside a Compose file that builds services of the same names', async () => {
    const { script, missing } = await draftOf({
      ...files,
      'docker-stack.yml': 'services:\n  web:\n    image: acme/web:${TAG}\n  db:\n    image: postgres:17\n',
      'docker-compose.yml': 'services:\n  web:\n    build: { context: ./web }\n    volumes: ["./web:/app"]\n',
    })
    expect(missing).toEqual([])
    expect(script.text).toContain('docker buildx build --push --tag "$tag" "$ROLLGATE_CHECKOUT/web"')
  })

  test.each([
    ['a folder without a Dockerfile', stack('../web', '../other')],
    ['a folder outside of the repository', stack('../../web', '../services/api')],
  ])('%s: one sentence says what is missing, and the script has a guard', async (_, text) => {
    const { missing, guarded } = await draftOf({ ...files, 'ops/docker-stack.yml': text })
    expect(missing).toEqual([
      expect.stringMatching(/^No file tells how ghcr.io\/acme\/(?:api|web) is built: /),
    ])
    expect(guarded).toHaveLength(1)
  })
})
