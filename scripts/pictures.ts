import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browser, hasEmoji, picture } from './pictures/browser.ts'
import { asGitHubShows } from './pictures/github-page.ts'

/**
 * Draws docs/*.png from the job summaries that `npm run try` and `npm run try -- smooth` left in build/try, as wide as GitHub
 * shows them: all of them, or those whose names are given.
 */
const summaries = 'build/try'

/** The pictures by name, each with its summary. */
const drawn = {
  plan: 'rolling/2-second-plan',
  pause: 'rolling/3-bad-work',
  decision: 'rolling/4-decision-work',
  rollback: 'rolling/5-rollback-plan',
  status: 'rolling/3-status-plan',
  inspection: 'smooth/2-opened-work',
} as const

const most = 150_000

process.exitCode = draw()

function draw(): number {
  const asked = process.argv.slice(2)
  const chosen = Object.entries(drawn).filter(([name]) => asked.length === 0 || asked.includes(name))
  const missing = chosen.map(([, name]) => name).filter((name) => !existsSync(join(summaries, `${name}.md`)))
  if (missing.length > 0) {
    console.error(
      `${summaries} has no ${missing.join(', ')}: run "npm run try" and "npm run try -- smooth" first.`,
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
  if (!hasEmoji())
    console.error(
      'No font here has emoji: they become boxes. Install fonts-noto-color-emoji, and draw again.',
    )
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-pictures-'))
  try {
    const sizes = chosen.map(([name, summary]) => {
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
