import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// ncc cannot read TypeScript 7 itself, so tsc goes first and ncc bundles what it wrote.
const root = fileURLToPath(new URL('..', import.meta.url))
const target = process.argv[2] ?? 'dist'
const bin = (name: string): string => `${root}node_modules/.bin/${name}`
const run = (command: string, ...args: string[]): void => {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
}

rmSync(`${root}build`, { recursive: true, force: true })
run(bin('tsc'), '-p', 'tsconfig.build.json')
mkdirSync(`${root}build`, { recursive: true })
// Without it ncc takes the files for CommonJS.
writeFileSync(`${root}build/package.json`, '{"type":"module"}\n')
run(
  bin('ncc'),
  'build',
  'build/entry/main.js',
  '--out',
  'build/bundle',
  '--minify',
  '--license',
  'licenses.txt',
)
rmSync(target, { recursive: true, force: true })
cpSync(`${root}build/bundle`, target, { recursive: true })
if (!existsSync(`${target}/index.js`)) throw new Error('the bundler wrote no index.js')
