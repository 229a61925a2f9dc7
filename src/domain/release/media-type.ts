/** Returns the media type of a file, by the end of its name. */
export function mediaTypeOf(path: string): string {
  const end = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  return byEnd.get(end) ?? 'application/octet-stream'
}

const byEnd: ReadonlyMap<string, string> = new Map([
  ['gz', 'application/gzip'],
  ['tgz', 'application/gzip'],
  ['xz', 'application/x-xz'],
  ['zst', 'application/zstd'],
  ['zip', 'application/zip'],
  ['tar', 'application/x-tar'],
  ['jar', 'application/java-archive'],
  ['json', 'application/json'],
  ['txt', 'text/plain'],
  ['html', 'text/html'],
  ['pdf', 'application/pdf'],
])
