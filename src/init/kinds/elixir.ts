import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'

/** A Phoenix app, as a release that `mix release` makes. */
export function phoenix(folder: FolderSeen): Sketch | null {
  const project = folder.text('mix.exs') ?? ''
  const [, name] = /\bapp: :([a-z]\w*)/.exec(project) ?? []
  if (name === undefined || !/\{:phoenix,/.test(project)) return null
  const program = `_build/prod/rel/${name}/bin/${name}`
  const assets = /["']assets\.deploy["']/.test(project) ? ['MIX_ENV=prod mix assets.deploy'] : []
  return sketch({
    title: 'Phoenix',
    because: 'mix.exs',
    running: { kind: 'process', start: `PHX_SERVER=true ${program} start` },
    build: ['mix deps.get --only prod', ...assets, 'MIX_ENV=prod mix release --overwrite'],
    port: 4000,
    migrate: migration(folder, program),
  })
}

/** The module that `mix phx.gen.release` writes: a release has no mix that could migrate. */
function migration(folder: FolderSeen, program: string): string | null {
  const [file] = folder.matching(/^lib\/\w+\/release\.ex$/)
  const text = file === undefined ? '' : (folder.text(file) ?? '')
  const [, module] = /^defmodule ([A-Z][\w.]*) do$/m.exec(text) ?? []
  return module === undefined || !/\bdef migrate\b/.test(text)
    ? null
    : `${program} eval '${module}.migrate()'`
}
