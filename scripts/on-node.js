import { existsSync } from 'node:fs'

// Runs a script beside it, or one of a package. It is plain JavaScript of long ago, so that every Node.js can say what
// is missing.
const wanted = 24
const present = process.versions.node
const installed = existsSync('node_modules')

if (!installed || Number(present.split('.')[0]) < wanted) {
  process.stderr.write(
    installed
      ? `This needs Node.js ${wanted}, and ${present} runs it: run "npm ci", which brings Node.js ${wanted} along, or install Node.js ${wanted}.\n`
      : 'Nothing is installed here: run "npm ci" first.\n',
  )
  process.exitCode = 1
} else {
  const script = new URL(process.argv[2], `file://${process.cwd()}/`)
  process.argv.splice(1, 2, script.pathname)
  await import(script.href)
}
