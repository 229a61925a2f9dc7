import type { FolderSeen } from '../../repository.ts'
import { type Sketch, sketch } from '../../sketch.ts'

/** Signs of an engine that Rollgate reaches by commands of the team, with its tool. */
const signs: readonly (readonly [string, RegExp, string])[] = [
  ['Helm', /^(?:[\w-]+\/)*Chart\.yaml$/, 'helm'],
  ['Nomad', /^(?:[\w-]+\/)*[\w-]+\.nomad(?:\.hcl)?$/, 'nomad'],
]

/** An engine whose files are templates, which only its own tool reads: two commands of the script are left to a person. */
export function byCommands(folder: FolderSeen): Sketch | null {
  for (const [title, pattern, tool] of signs) {
    const [because] = folder.matching(pattern)
    if (because === undefined) continue
    const containers = [{ name: folder.name, image: '$IMAGE' }]
    return sketch({
      title,
      because,
      running: {
        kind: 'engine',
        services: [
          {
            name: folder.name,
            kind: 'command',
            settings: [],
            place: null,
            containers,
            alone: true,
            places: new Map(),
          },
        ],
      },
      missing: [
        `${because} is there, so ${title} runs it: the ${tool} commands that print the state and hand an image over are missing.`,
      ],
    })
  }
  return null
}
