import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'
import { type KnownMapping, mapping, readJson } from './manifest.ts'
import { buildOf, readPackage } from './node.ts'

const install = 'composer install --no-dev --no-interaction --prefer-dist --optimize-autoloader'

function requires(folder: FolderSeen): KnownMapping {
  const { require } = readJson(folder.text('composer.json'))
  return mapping(require)
}

/** The front end that lies beside a PHP app, where its package.json builds something. */
function frontEnd(folder: FolderSeen): readonly string[] {
  const app = readPackage(folder)
  if (app === null) return []
  const built = buildOf(app)
  return built.length === 0 ? [] : [app.installer.install, ...built]
}

export function laravel(folder: FolderSeen): Sketch | null {
  if (!folder.has('artisan') || !Object.hasOwn(requires(folder), 'laravel/framework')) return null
  const queues = folder.matching(/^app\/Jobs\/.+\.php$/).length > 0
  return sketch({
    title: 'Laravel',
    because: 'artisan',
    running: {
      kind: 'files',
      output: '.',
      boots: 'php artisan list --raw',
      after: queues ? ['php artisan queue:restart'] : [],
    },
    build: [install, ...frontEnd(folder)],
    migrate:
      folder.matching(/^database\/migrations\/.+\.php$/).length > 0 ? 'php artisan migrate --force' : null,
  })
}

export function symfony(folder: FolderSeen): Sketch | null {
  if (!folder.has('bin/console') || !Object.hasOwn(requires(folder), 'symfony/framework-bundle')) return null
  const migrates = Object.hasOwn(requires(folder), 'doctrine/doctrine-migrations-bundle')
  return sketch({
    title: 'Symfony',
    because: 'bin/console',
    running: { kind: 'files', output: '.', boots: 'php bin/console about', after: [] },
    build: [install, ...frontEnd(folder)],
    migrate: migrates
      ? 'php bin/console doctrine:migrations:migrate --no-interaction --allow-no-migration'
      : null,
  })
}

/** A Spryker shop: its scheduler is suspended around the migration. */
export function spryker(folder: FolderSeen): Sketch | null {
  const isShop = Object.keys(requires(folder)).some((name) => /^spryker(?:-|\/)/.test(name))
  if (!isShop || folder.matching(/^config\/install\//).length === 0) return null
  return sketch({
    title: 'Spryker',
    because: 'config/install',
    running: { kind: 'files', output: '.', boots: 'vendor/bin/console list --raw', after: [] },
    build: [install, 'vendor/bin/console transfer:generate', 'vendor/bin/console propel:install -o'],
    migrate: 'vendor/bin/console propel:migrate',
    scheduler: {
      suspend: 'vendor/bin/console scheduler:suspend',
      resume: 'vendor/bin/console scheduler:resume',
    },
  })
}

/** Another PHP app with a front controller: a web server that is there already serves its files. */
export function php(folder: FolderSeen): Sketch | null {
  const front = ['public/index.php', 'web/index.php', 'index.php'].find((path) => folder.has(path))
  if (front === undefined || !folder.has('composer.json')) return null
  return sketch({
    title: 'PHP',
    because: front,
    running: { kind: 'files', output: '.', boots: `php -l ${front}`, after: [] },
    build: [install, ...frontEnd(folder)],
  })
}
