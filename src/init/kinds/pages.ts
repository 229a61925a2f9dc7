import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'
import { mapping, readYaml, words } from './manifest.ts'
import { buildOf, readPackage } from './node.ts'

/** The folder into which a generator of npm's world writes, by the package that is needed. */
const outputs: readonly (readonly [string, string])[] = [
  ['@docusaurus/core', 'build'],
  ['react-scripts', 'build'],
  ['gatsby', 'public'],
  ['@11ty/eleventy', '_site'],
  ['astro', 'dist'],
  ['vuepress', 'docs/.vuepress/dist'],
  ['vitepress', 'docs/.vitepress/dist'],
  ['parcel', 'dist'],
  ['@vue/cli-service', 'dist'],
  ['vite', 'dist'],
  ['webpack', 'dist'],
]

const pages = (title: string, because: string, build: readonly string[], output: string): Sketch =>
  sketch({ title, because, build, running: { kind: 'files', output, boots: '', after: [] } })

/** Pages that a generator makes: no process of their own serves them. */
export function site(folder: FolderSeen): Sketch | null {
  const mkdocs = ['mkdocs.yml', 'mkdocs.yaml'].find(folder.has)
  if (mkdocs !== undefined) {
    const output = words(mapping(readYaml(folder.text(mkdocs))).site_dir)
    const known = output === '' ? 'site' : output
    if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(known) && !known.includes('..')) {
      const needed = folder.has('requirements.txt') ? '--requirement requirements.txt' : 'mkdocs'
      return pages(
        'MkDocs',
        mkdocs,
        ['python3 -m venv .venv', `.venv/bin/pip install ${needed}`, '.venv/bin/mkdocs build'],
        known,
      )
    }
  }
  const hugo = folder.matching(/^(?:hugo\.(?:toml|ya?ml)|config\.toml)$/)[0]
  const isHugo =
    hugo !== undefined && (hugo.startsWith('hugo') || /^baseURL\b/im.test(folder.text(hugo) ?? ''))
  if (isHugo) return pages('Hugo', hugo, ['hugo --minify'], 'public')
  if (folder.has('_config.yml') && folder.has('Gemfile') && /jekyll/.test(folder.text('Gemfile') ?? ''))
    return pages(
      'Jekyll',
      '_config.yml',
      ['bundle install', 'JEKYLL_ENV=production bundle exec jekyll build'],
      '_site',
    )
  return builtByNode(folder) ?? plainPages(folder)
}

function builtByNode(folder: FolderSeen): Sketch | null {
  const app = readPackage(folder)
  if (app === null) return null
  const [, output] = outputs.find(([name]) => app.needs(name)) ?? []
  const build = buildOf(app)
  if (output === undefined || build.length === 0) return null
  return pages('pages built by npm', 'package.json', [app.installer.install, ...build], output)
}

/** Pages that nothing has to build. */
function plainPages(folder: FolderSeen): Sketch | null {
  const output = ['public', 'site', 'www', 'docs', '.'].find((one) =>
    folder.has(one === '.' ? 'index.html' : `${one}/index.html`),
  )
  if (output === undefined || folder.has('package.json')) return null
  return pages('pages', output === '.' ? 'index.html' : `${output}/index.html`, [], output)
}
