import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browser, picture } from './pictures/browser.ts'
import { asGitHubShows } from './pictures/github-page.ts'

/** Draws docs/*.png from the job summaries that `npm run try` left in build/try, as wide as GitHub shows them. */
const summaries = 'build/try'

/** The pictures by name, each with its summary. */
const drawn = {
  plan: '2-second-plan',
  pause: '3-bad-work',
  decision: '4-decision-work',
  rollback: '5-rollback-plan',
  status: '3-status-plan',
} as const

const most = 150_000

process.exitCode = draw()

function draw(): number {
  const missing = Object.values(drawn).filter((name) => !existsSync(join(summaries, `${name}.md`)))
  if (missing.length > 0) {
    const there = existsSync(summaries) ? readdirSync(summaries).length : 0
    console.error(
      `${summaries} has ${there} summaries, and not ${missing.join(', ')}: run "npm run try" first.`,
    )
    return 1
  }
  const program = browser()
  if (program === null) {
    console.error(
      'No picture was drawn: there is no Chromium here. Install chromium, chromium-browser or google-chrome.',
    )
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-pictures-'))
  try {
    const sizes = Object.entries(drawn).map(([name, summary]) => {
      const page = join(folder, `${name}.html`)
      writeFileSync(page, asGitHubShows(readFileSync(join(summaries, `${summary}.md`), 'utf8')))
      const file = join('docs', `${name}.png`)
      picture(program, page, file)
      console.log(`${file}: ${statSync(file).size.toLocaleString('en')} bytes`)
      return statSync(file).size
    })
    return sizes.every((size) => size <= most) ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
