// Runs one of the TypeScript scripts beside it. It is old plain JavaScript, so that every Node.js can report a
// missing feature.
const wanted = 24
const present = process.versions.node

if (Number(present.split('.')[0]) < wanted) {
  process.stderr.write(
    `This needs Node.js ${wanted}, and ${present} runs it: run "npm ci" without --ignore-scripts, which brings Node.js ${wanted} along, or "npm rebuild node".\n`,
  )
  process.exitCode = 1
} else {
  const script = new URL(process.argv[2], `file://${process.cwd()}/`)
  process.argv.splice(1, 2, script.pathname)
  await import(script.href)
}
