import type { RestEndpointMethodTypes } from '@octokit/rest'
import type { Announce } from '../events.ts'
import type { ReferenceGuard } from '../reference-guard.ts'
import { type Call, created, noContent, notFound, ok, param, Refusal } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { readObject } from '../store/objects.ts'
import {
  createReference,
  deleteReference,
  isValidName,
  listReferences,
  moveReference,
  type Reference,
  readReference,
  setReference,
} from '../store/references.ts'

type NewReference = RestEndpointMethodTypes['git']['createRef']['parameters']
type ReferenceMove = RestEndpointMethodTypes['git']['updateRef']['parameters']

export function referenceAnswers(site: Site, guard: ReferenceGuard, announce: Announce) {
  const existing = async (name: string) => {
    const reference = await readReference(site.git, name)
    if (reference === undefined) throw notFound()
    return referenceBody(site, reference)
  }
  const pushed = async (ref: string, actor: string) => {
    const [, name] = /^refs\/(?:heads|tags)\/(.+)$/.exec(ref) ?? []
    if (name !== undefined) await announce({ event: 'push', actor, ref: name })
  }
  return {
    'git/get-ref': async (call: Call) => ok(await existing(named(call))),
    'git/list-matching-refs': async (call: Call) => {
      const references = await listReferences(site.git, named(call))
      return ok(references.map((reference) => referenceBody(site, reference)))
    },
    'git/create-ref': async (call: Call) => {
      const { ref, sha } = call.body as NewReference
      await requireName(site, ref)
      await requirePointable(site, ref, sha)
      guard.require(ref, 'creation')
      if (!site.inForce('reference-is-made-once')) await setReference(site.git, ref, sha)
      else if (!(await createReference(site.git, ref, sha))) throw await taken(site, ref)
      await pushed(ref, call.actor)
      return created(await existing(ref))
    },
    'git/update-ref': async (call: Call) => {
      const { sha, force = false } = call.body as ReferenceMove
      await requirePointable(site, named(call), sha)
      guard.require(named(call), 'update')
      await guard.requireWorkflows(named(call), sha, call.actor)
      const forced = force || !site.inForce('reference-moves-forward')
      switch (await moveReference(site.git, named(call), sha, forced)) {
        case 'missing':
          throw new Refusal(422, 'Reference does not exist')
        case 'not-a-fast-forward':
          throw new Refusal(422, 'Update is not a fast forward')
        case 'moved':
          await pushed(named(call), call.actor)
          return ok(movedBody(site, named(call), sha))
      }
    },
    'git/delete-ref': async (call: Call) => {
      guard.require(named(call), 'deletion')
      const outcome = await deleteReference(site.git, named(call))
      if (outcome === 'missing') throw new Refusal(422, 'Reference does not exist')
      return noContent
    },
  }
}

const named = (call: Call) => `refs/${param(call, 'ref')}`

async function requireName({ git, inForce }: Site, ref: string): Promise<void> {
  const isValid = !inForce('reference-name') || (await isValidName(git, ref))
  const isUsual = inForce('reference-in-any-namespace') || /^refs\/(?:heads|tags)\//.test(ref)
  const hasCase = inForce('reference-names-have-case')
  const others = hasCase ? [] : await listReferences(git, 'refs/')
  const isTaken = others.some(({ name }) => name.toLowerCase() === ref.toLowerCase())
  if (!isValid || !isUsual || isTaken) throw new Refusal(422, `${ref} is not a valid ref name.`)
}

const taken = async (site: Site, ref: string): Promise<Refusal> =>
  (await readReference(site.git, ref)) === undefined
    ? new Refusal(422, 'Reference cannot be created: its name is in the way of another one')
    : new Refusal(422, 'Reference already exists')

/** A branch holds commits only; any other reference may hold any object. */
async function requirePointable(site: Site, name: string, sha: string): Promise<void> {
  const object = await readObject(site.git, sha)
  if (object === undefined) throw new Refusal(422, 'Object does not exist')
  const isBranch = name.startsWith('refs/heads/') && site.inForce('branch-holds-commits')
  if (isBranch && object.kind !== 'commit') {
    throw new Refusal(422, 'Object is not a commit')
  }
}

/** Returns the ref as this move made it: another writer may have moved it by now. */
function movedBody(site: Site, name: string, sha: string) {
  return referenceBody(site, { name, sha, kind: 'commit' })
}

function referenceBody(site: Site, { name, sha, kind }: Reference) {
  return {
    ref: name,
    node_id: nodeId('Ref', name),
    url: site.repoApi(`git/${name}`),
    object: { type: kind, sha, url: site.repoApi(`git/${kind}s/${sha}`) },
  }
}
