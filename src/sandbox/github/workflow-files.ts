import { parse } from 'yaml'
import type { Site } from './site.ts'
import { resolveCommit } from './store/history.ts'
import { readObject } from './store/objects.ts'
import { listReferences } from './store/references.ts'
import { entryAt, readTree } from './store/trees.ts'

const folder = '.github/workflows'

/** The workflow files of a commit: their names, each with the SHA of its content. */
async function workflowsAt({ git }: Site, commit: string): Promise<ReadonlyMap<string, string>> {
  const entry = await entryAt(git, commit, folder)
  const files = entry?.kind === 'tree' ? await readTree(git, entry.sha, false) : []
  return new Map(files.map(({ path, sha }) => [path, sha]))
}

/** True if the commit adds or changes a workflow file in comparison with the other one. */
async function addsWorkflows(site: Site, commit: string, other: string): Promise<boolean> {
  const [files, known] = await Promise.all([workflowsAt(site, commit), workflowsAt(site, other)])
  return [...files].some(([name, sha]) => known.get(name) !== sha)
}

/** True if the workflows of the commit differ from those of the default branch. */
export async function differsFromDefault(site: Site, commit: string): Promise<boolean> {
  const tip = await resolveCommit(site.git, `refs/heads/${site.repository.defaultBranch}`)
  return tip !== undefined && addsWorkflows(site, commit, tip)
}

/** True if the workflows of the commit differ from those at the tip of every branch. */
export async function differsFromEveryBranch(site: Site, commit: string): Promise<boolean> {
  for (const { sha } of await listReferences(site.git, 'refs/heads/'))
    if (!(await addsWorkflows(site, commit, sha))) return false
  return true
}

/** The text of a workflow file; undefined if the commit has none of this name. */
export async function workflowText({ git }: Site, commit: string, name: string): Promise<string | undefined> {
  const entry = await entryAt(git, commit, `${folder}/${name}`)
  return entry && (await readObject(git, entry.sha))?.bytes.toString('utf8')
}

/** The names of the workflow files of a commit that start on an event. */
export async function workflowsOn(site: Site, commit: string, event: string): Promise<string[]> {
  const names = [...(await workflowsAt(site, commit)).keys()].filter((name) => /\.ya?ml$/.test(name))
  const texts = await Promise.all(names.map((name) => workflowText(site, commit, name)))
  return names.filter((_, at) => event in triggersOf(texts[at] ?? ''))
}

type Triggers = Readonly<Record<string, { readonly inputs?: Readonly<Record<string, unknown>> } | null>>

/** The value of `on`, as a mapping in each of its three forms. */
export function triggersOf(text: string): Triggers {
  const { on = {} } = (parse(text) ?? {}) as { on?: string | string[] | Triggers }
  const names = typeof on === 'string' ? [on] : Array.isArray(on) ? on : undefined
  return names === undefined ? (on as Triggers) : Object.fromEntries(names.map((name) => [name, null]))
}
