import { absent, found, unknown } from '../../src/domain/reading.ts'
import type { SchedulerControl } from '../../src/pipeline/ports.ts'

/** The timed jobs of an engine in memory. */
export interface MemoryScheduler {
  readonly control: SchedulerControl
  /** The timed jobs by name: true where suspended. */
  readonly timed: Map<string, boolean>
  /** The running jobs. */
  readonly running: Set<string>
  /** Everything that changed it, in order: `suspend hourly`. */
  readonly deeds: string[]
  /** True while nothing answers. */
  silent: boolean
  /** True if its namespace is not there. */
  missing: boolean
  /** Called at each look. */
  looked: () => void
}

export function createMemoryScheduler(names: readonly string[] | null = null): MemoryScheduler {
  const timed = new Map<string, boolean>()
  const running = new Set<string>()
  const deeds: string[] = []
  const set = (deed: string, suspended: boolean) => async (wanted: readonly string[]) => {
    for (const name of wanted.filter((one) => timed.has(one))) {
      timed.set(name, suspended)
      deeds.push(`${deed} ${name}`)
    }
    return null
  }
  const memory: MemoryScheduler = {
    timed,
    running,
    deeds,
    silent: false,
    missing: false,
    looked: () => {},
    control: {
      async observe() {
        memory.looked()
        if (memory.silent) return silence
        if (memory.missing) return absent
        const meant = [...timed].filter(([name]) => names === null || names.includes(name))
        return found({
          timed: meant.map(([name, suspended]) => ({ name, suspended })),
          running: [...running],
        })
      },
      suspend: set('suspend', true),
      resume: set('resume', false),
      async end(jobs) {
        for (const job of jobs) running.delete(job)
        deeds.push(`end ${jobs.join(' ')}`)
        return null
      },
    },
  }
  return memory
}

const silence = unknown({
  code: 'engine-unknown',
  what: 'The engine did not answer.',
  why: 'It cannot be reached.',
  next: 'See that it can be reached.',
})
