import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'
import { mapping, readJson, readYaml } from './manifest.ts'

const names = (paths: readonly string[], pattern: RegExp): readonly string[] =>
  paths.flatMap((path) => pattern.exec(path)?.[1] ?? [])

export function kamal(folder: FolderSeen): Sketch | null {
  const config = readYaml(folder.text('config/deploy.yml'))
  if (config.service === undefined || config.image === undefined) return null
  const destinations = names(folder.matching(/^config\/deploy\.[\w-]+\.ya?ml$/), /deploy\.([\w-]+)\.ya?ml$/)
  const to = destinations.length === 0 ? '' : ' --destination "$ROLLGATE_ENVIRONMENT"'
  return sketch({
    title: 'Kamal',
    because: 'config/deploy.yml',
    running: {
      kind: 'tool',
      deploy: [`kamal deploy --skip-push --version "$ROLLGATE_SHA"${to}`],
      version: `kamal app version --quiet${to}`,
    },
    build: [`kamal build push --version "$ROLLGATE_SHA"${to}`],
    stages: destinations,
  })
}

export function capistrano(folder: FolderSeen): Sketch | null {
  if (!folder.has('Capfile') || !folder.has('config/deploy.rb')) return null
  const text = folder.text('config/deploy.rb') ?? ''
  const stages = names(folder.matching(/^config\/deploy\/[\w-]+\.rb$/), /([\w-]+)\.rb$/)
  const [, variable] = /set :branch,[^\n]*ENV(?:\.fetch\(|\[)\s*['":]([A-Z_]+)/.exec(text) ?? []
  const [first] = stages
  const inAll = [text, ...stages.map((stage) => folder.text(`config/deploy/${stage}.rb`) ?? '')].join('\n')
  const place = /set :deploy_to,\s*['"]([\w./~-]+)['"]/.exec(inAll)?.[1]
  const running =
    variable === undefined || first === undefined
      ? ({ kind: 'unknown' } as const)
      : ({
          kind: 'tool',
          deploy: [
            'bundle check > /dev/null || bundle install # a decision comes in a checkout of its own',
            `${variable}="$ROLLGATE_SHA" bundle exec cap "$ROLLGATE_ENVIRONMENT" deploy`,
          ],
          version: null,
        } as const)
  return sketch({
    title: 'Capistrano',
    because: place === undefined ? 'Capfile' : 'config/deploy.rb',
    running,
    build: ['bundle install'],
    stages,
    missing:
      variable === undefined
        ? [
            "config/deploy.rb takes its branch from no variable, so that it cannot be told which release to deploy: add set :branch, ENV.fetch('BRANCH', 'main').",
          ]
        : first === undefined
          ? ['There is no stage below config/deploy/.']
          : [],
  })
}

export function deployer(folder: FolderSeen): Sketch | null {
  const text = folder.text('deploy.php')
  if (text === null || !/namespace Deployer|deployer/i.test(text)) return null
  const stages = [...text.matchAll(/['"]stage['"]\s*(?:=>|,)\s*['"]([\w-]+)['"]/g)].flatMap(
    ([, name]) => name ?? [],
  )
  const { require, 'require-dev': forDevelopers } = readJson(folder.text('composer.json'))
  const own = Object.hasOwn({ ...mapping(require), ...mapping(forDevelopers) }, 'deployer/deployer')
  const install = 'composer install --no-interaction --prefer-dist'
  const where = stages.length === 0 ? 'all' : '"stage=$ROLLGATE_ENVIRONMENT"'
  return sketch({
    title: 'Deployer',
    because: 'deploy.php',
    running: {
      kind: 'tool',
      deploy: [
        ...(own ? [`[[ -e vendor/bin/dep ]] || ${install} # a decision comes in a checkout of its own`] : []),
        `${own ? 'vendor/bin/dep' : 'dep'} deploy ${where} --revision="$ROLLGATE_SHA" --no-interaction`,
      ],
      version: null,
    },
    build: own ? [install] : [],
    stages: [...new Set(stages)],
  })
}
