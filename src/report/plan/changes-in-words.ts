import type { Plan } from '../../domain/plan/plan.ts'
import type { Reading } from '../../domain/reading.ts'
import type { CommitsBetween } from '../../domain/release/commits-between.ts'
import { isMigrationEnd } from '../../domain/step/step.ts'
import { migrateStep } from '../../domain/step/steps-in.ts'
import { blocks, code, counted, details, link, shorten, text } from '../text/markdown.ts'

/** The changes between the serving release and the planned one. */
export interface ChangesView {
  /** The page that compares the two releases. */
  readonly url: string
  readonly between: Reading<CommitsBetween>
}

const atOnce = 6
const longest = 120
const namedMigrations = 12

/** Names the commits that come, or that a rollback takes away, and the migrations that are new; null without any to name. */
export function changesInBrief(plan: Plan, changes: ChangesView | undefined): string | null {
  if (changes === undefined || plan.commits === 0 || plan.from === null) return null
  const { between } = changes
  const page = link('what changes', changes.url)
  switch (between.kind) {
    case 'absent':
      return null
    case 'unknown':
      return `The titles of the commits are unknown (${page}): ${text(between.why.what)}`
    case 'found':
      return blocks(
        migrationsInWords(plan, between.value),
        titlesInWords(between.value, goesBack(plan), page),
      )
  }
}

/** True if the commits of the comparison are those that leave. */
export const goesBack = ({ relation }: Plan): boolean => relation === 'behind'

/** The newest come first, where GitHub gave all of them; else the oldest are the ones that it gave. */
function titlesInWords({ total, titles }: CommitsBetween, back: boolean, page: string): string | null {
  if (total === 0) return null
  const whole = titles.length === total
  const lines = titles.map((title) => `- ${text(shorten(title, longest)) || '(no title)'}`)
  const ordered = whole ? lines.toReversed() : lines
  const shown = ordered.length > atOnce + 2 ? ordered.slice(0, atOnce) : ordered
  const folded = ordered.slice(shown.length)
  const rest = total - titles.length
  const order = total === 1 ? '' : `, ${whole ? 'newest' : 'oldest'} first`
  const beyond = rest === 0 ? '' : `, of ${total}: GitHub lists no more than ${titles.length} at once`
  return blocks(
    `**${counted(total, 'commit')}** ${back ? 'taken back' : 'new'}${order} (${page}):`,
    shown.join('\n'),
    folded.length === 0 ? null : details(`${folded.length} more${beyond}`, folded.join('\n')),
  )
}

/** A folder in which migration tools keep one file a migration. */
const folder = /(?:^|\/)(?:migrations?|migrate|alembic\/versions)\//i

/** Only the command knows which migrations run; new files in such a folder are what a reader looks for. */
function migrationsInWords(plan: Plan, { added }: CommitsBetween): string | null {
  const step = migrateStep(plan.steps)
  if (step === null || isMigrationEnd(step) || goesBack(plan)) return null
  const paths = added.paths.filter((path) => folder.test(path))
  const more = added.whole ? '' : ' GitHub cut the list of new files, so there may be more.'
  if (paths.length === 0)
    return `**Migrations** (${step.phase}): no new file in a folder of migrations. ${code(step.id)} runs nevertheless.${more}`
  const named = paths.slice(0, namedMigrations).map(code).join(', ')
  const others = paths.length > namedMigrations ? ` and ${paths.length - namedMigrations} more` : ''
  return `**Migrations** (${step.phase}), new files: ${named}${others}.${more}`
}
