import path from 'node:path'
import { type Call, notFound, ok, param, type SiteReply } from '../reply.ts'
import type { Site } from '../site.ts'
import { resolveCommit } from '../store/history.ts'
import { readObject } from '../store/objects.ts'
import { entryAt, readTree, type StoredEntry } from '../store/trees.ts'

/** Files and folders below the root; raw bytes with `Accept: application/vnd.github.raw+json`. Links are shown as files. */
export function contentAnswers(site: Site) {
  return {
    'repos/get-content': async (call: Call) => {
      const ref = call.query.ref ?? site.repository.defaultBranch
      const commit = await resolveCommit(site.git, ref)
      if (commit === undefined) throw notFound(`No commit found for the ref ${ref}`)
      const at = param(call, 'path').replace(/^\/+|\/+$/g, '')
      const entry = await entryAt(site.git, commit, at)
      if (entry === undefined) throw notFound()
      if (entry.kind === 'tree') return folder(site, entry, ref)
      return file(site, entry, ref, call.accept)
    },
  }
}

async function file(site: Site, entry: StoredEntry, ref: string, accept: string): Promise<SiteReply> {
  const bytes = (await readObject(site.git, entry.sha))?.bytes
  if (bytes === undefined) throw notFound()
  if (/application\/vnd\.github\.(v3\.)?raw/.test(accept)) {
    return { kind: 'raw', status: 200, bytes, type: 'application/vnd.github.raw+json; charset=utf-8' }
  }
  if (bytes.length > largestShown && site.inForce('file-above-one-megabyte'))
    return ok({ ...entryBody(site, entry, ref), content: '', encoding: 'none' })
  // GitHub breaks the lines of its base64 after 60 characters.
  const content = bytes.toString('base64').replace(/.{1,60}/g, '$&\n')
  return ok({ ...entryBody(site, entry, ref), content, encoding: 'base64' })
}

/** Bytes of a file that JSON still shows. */
const largestShown = 1024 * 1024
const mostEntries = 1000

async function folder(site: Site, folder: StoredEntry, ref: string): Promise<SiteReply> {
  const all = await readTree(site.git, folder.sha, false)
  const entries = site.inForce('folder-entries') ? all.slice(0, mostEntries) : all
  return ok(
    entries.map((entry) =>
      entryBody(site, { ...entry, path: path.posix.join(folder.path, entry.path) }, ref),
    ),
  )
}

function entryBody(site: Site, entry: StoredEntry, ref: string) {
  const isFolder = entry.kind === 'tree'
  const at = encodeURI(entry.path)
  const self = site.repoApi(`contents/${at}?ref=${encodeURIComponent(ref)}`)
  const git = site.repoApi(`git/${entry.kind}s/${entry.sha}`)
  const html = site.page(`${entry.kind}/${ref}/${at}`)
  return {
    name: path.posix.basename(entry.path),
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    type: isFolder ? 'dir' : 'file',
    url: self,
    html_url: html,
    git_url: git,
    download_url: isFolder ? null : site.page(`raw/${ref}/${at}`),
    _links: { self, git, html },
  }
}
