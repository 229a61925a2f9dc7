import type { ProbeRead, ProbeStep } from '../../../domain/doctor/probe.ts'
import { Problem } from '../../../domain/problem.ts'
import { mapped, type Reading } from '../../../domain/reading.ts'
import type { ReferenceProbe } from '../../../pipeline/ports.ts'
import { ask, look } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { probeFolder, probeRef } from '../ledger/ref.ts'
import { fickle, repeatable } from '../patience.ts'
import { commitOf } from './commit.ts'

/** Probes as the ledger writes: a reference to a commit of its own, moved by a fast-forward. */
export const gitHubProbe = (github: GitHub): ReferenceProbe => ({
  async probe(run, job) {
    const ref = probeRef(run, job)
    const failed: { step: ProbeStep; why: Problem['words'] }[] = []
    const tries = async (step: ProbeStep, work: () => Promise<unknown>): Promise<boolean> => {
      try {
        await work()
        return true
      } catch (thrown) {
        if (!(thrown instanceof Problem)) throw thrown
        failed.push({ step, why: thrown.words })
        return false
      }
    }
    let first = ''
    const made = await tries('make', async () => {
      first = await commitOf(github, asking(ref, 'make'), {
        ...content,
        message: 'Try a reference',
        parents: [],
      })
      await make(github, ref, first)
    })
    if (made) await tries('move', () => move(github, ref, first))
    // A lost answer may hide that the reference was made.
    if (made || failed.some(({ why }) => why.code === 'github-unavailable'))
      await tries('remove', () => remove(github, ref))
    return { ref, failed, left: await leftIn(github) } satisfies ProbeRead
  },
})

const content = { path: 'probe.txt', content: 'A doctor of Rollgate tried this reference, and removes it.\n' }

const asking = (ref: string, step: ProbeStep) =>
  ({ doing: `${step} ${ref}`, needs: 'contents: write' }) as const

/** The API names a reference without its `refs/`, except where it is made. */
const short = (ref: string): string => ref.slice('refs/'.length)

const make = ({ rest, place }: GitHub, ref: string, sha: string) =>
  ask(asking(ref, 'make'), rest.git.createRef({ ...place, ...repeatable, ref, sha }))

async function move(github: GitHub, ref: string, first: string): Promise<void> {
  const { rest, place } = github
  const next = { ...content, message: 'Move the reference', parents: [first] }
  const sha = await commitOf(github, asking(ref, 'move'), next)
  await ask(
    asking(ref, 'move'),
    rest.git.updateRef({ ...place, ...repeatable, ...fickle, ref: short(ref), sha, force: false }),
  )
}

const remove = ({ rest, place }: GitHub, ref: string) =>
  ask(asking(ref, 'remove'), rest.git.deleteRef({ ...place, ...repeatable, ref: short(ref) }))

const leftIn = async (github: GitHub): Promise<Reading<readonly string[]>> =>
  mapped(
    await look(
      github,
      { doing: 'list the references of probes', needs: 'contents: read' },
      github.rest.git.listMatchingRefs({ ...github.place, ref: short(probeFolder) }),
    ),
    (refs) => refs.map(({ ref }) => ref),
  )
