import type { RestEndpointMethodTypes } from '@octokit/rest'
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
} from '../store/references.ts'

type NewReference = RestEndpointMethodTypes['git']['createRef']['parameters']
type ReferenceMove = RestEndpointMethodTypes['git']['updateRef']['parameters']

export function referenceAnswers(site: Site) {
  const existing = async (name: string) => {
    const reference = await readReference(site.git, name)
    if (reference === undefined) throw notFound()
    return referenceBody(site, reference)
  }
  return {
    'git/get-ref': async (call: Call) => ok(await existing(named(call))),
    'git/list-matching-refs': async (call: Call) => {
      const references = await listReferences(site.git, named(call))
      return ok(references.map((reference) => referenceBody(site, reference)))
    },
    'git/create-ref': async (call: Call) => {
      const { ref, sha } = call.body as NewReference
      if (!(await isValidName(site.git, ref))) throw new Refusal(422, `${ref} is not a valid ref name.`)
      await requirePointable(site, ref, sha)
      if (await createReference(site.git, ref, sha)) return created(await existing(ref))
      throw (await readReference(site.git, ref)) === undefined
        ? new Refusal(422, 'Reference cannot be created: its name is in the way of another one')
        : new Refusal(422, 'Reference already exists')
    },
    'git/update-ref': async (call: Call) => {
      const { sha, force = false } = call.body as ReferenceMove
      await requirePointable(site, named(call), sha)
      switch (await moveReference(site.git, named(call), sha, force)) {
        case 'missing':
          throw new Refusal(422, 'Reference does not exist')
        case 'not-a-fast-forward':
          throw new Refusal(422, 'Update is not a fast forward')
        case 'moved':
          return ok(movedBody(site, named(call), sha))
      }
    },
    'git/delete-ref': async (call: Call) => {
      const outcome = await deleteReference(site.git, named(call))
      if (outcome === 'missing') throw new Refusal(422, 'Reference does not exist')
      return noContent
    },
  }
}

const named = (call: Call) => `refs/${param(call, 'ref')}`

/** A branch holds commits only; any other reference may hold any object. */
async function requirePointable(site: Site, name: string, sha: string): Promise<void> {
  const object = await readObject(site.git, sha)
  if (object === undefined) throw new Refusal(422, 'Object does not exist')
  if (name.startsWith('refs/heads/') && object.kind !== 'commit') {
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
