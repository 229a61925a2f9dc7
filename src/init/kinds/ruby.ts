import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'

/** Bundler's settings go by the environment: `bundle config` would change a file of the machine. */
const install = 'BUNDLE_WITHOUT=development:test bundle install'

export function rails(folder: FolderSeen): Sketch | null {
  const gems = folder.text('Gemfile')
  if (gems === null || !/^\s*gem ['"]rails['"]/m.test(gems)) return null
  const database = folder.matching(/^db\/(?:migrate\/.+\.rb|schema\.rb|structure\.sql)$/).length > 0
  const assets = /^\s*gem ['"](?:sprockets-rails|propshaft|webpacker|shakapacker)['"]/m.test(gems)
  return sketch({
    title: 'Rails',
    because: 'Gemfile',
    running: { kind: 'process', start: 'RAILS_ENV=production bundle exec rails server --port "$PORT"' },
    build: [install, ...(assets ? ['RAILS_ENV=production bundle exec rails assets:precompile'] : [])],
    health: /rails\/health#show/.test(folder.text('config/routes.rb') ?? '') ? '/up' : null,
    migrate: database ? 'RAILS_ENV=production bundle exec rails db:migrate' : null,
  })
}

/** A Rack app, like one of Sinatra. */
export function rack(folder: FolderSeen): Sketch | null {
  if (!folder.has('Gemfile') || !folder.has('config.ru')) return null
  return sketch({
    title: 'Rack',
    because: 'config.ru',
    running: {
      kind: 'process',
      start: 'RACK_ENV=production bundle exec rackup --host 127.0.0.1 --port "$PORT"',
    },
    build: [install],
  })
}
