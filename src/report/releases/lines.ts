import { describeRelease } from '../../domain/release/release.ts'
import { logLine } from '../outcome/log-lines.ts'
import { remarksOn, stateInWords } from './in-lists.ts'
import { wayBackInWords } from './summary.ts'
import type { ReleasesView } from './view.ts'

/** Returns the same for the log: a line a release, with details below. */
export function releasesLines({ environments, releases, further, wanted }: ReleasesView): string[] {
  const unread = environments.flatMap(({ name, memory }) =>
    memory.kind === 'read' ? [] : [`${name} could not be asked: ${memory.failure.what}`],
  )
  const listed = releases.flatMap((release) => {
    const serves = release.serves.length === 0 ? '' : ` in ${release.serves.join(', ')}`
    return [
      `${describeRelease(release.release)}: ${stateInWords(release)}${serves}`,
      ...remarksOn(release).map((words) => `  ${words}`),
    ]
  })
  const others = (wanted?.otherBase ?? []).map(({ tag }) => tag)
  const back = (wanted?.waysBack ?? []).map((way) => `  back to ${way.release.tag}: ${wayBackInWords(way)}`)
  return [
    ...unread,
    ...listed,
    ...(others.length === 0 ? [] : [`made for another base version, and left out: ${others.join(', ')}`]),
    ...(further === 0 ? [] : [`${further} older ones are not listed`]),
    ...(wanted === null
      ? []
      : [`${wanted.environment}, going back:${back.length === 0 ? ' nowhere' : ''}`, ...back]),
  ].map((line) => `${line.startsWith('  ') ? '  ' : ''}${logLine(line)}`)
}
