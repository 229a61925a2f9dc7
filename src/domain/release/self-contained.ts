/**
 * Returns the addresses by which a page of HTML loads files of its own site. A maintenance page is served while the
 * application is not: whatever it loads has to be in it, or on another host.
 */
export const refersElsewhere = (html: string): string[] => [
  ...new Set([...loaded(html.replace(/<!--[\s\S]*?-->/g, ''))].filter(isOfThisSite)),
]

function* loaded(html: string): Generator<string> {
  for (const [, quoted, single, bare] of html.matchAll(
    /<(?:img|script|iframe|source|video|audio|embed|input)\b[^>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi,
  ))
    yield quoted ?? single ?? bare ?? ''
  for (const [, quoted, single, bare] of html.matchAll(
    /<link\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi,
  ))
    yield quoted ?? single ?? bare ?? ''
  for (const [, address] of html.matchAll(/\burl\(\s*["']?([^"')]+)/gi)) yield address ?? ''
  for (const [, address] of html.matchAll(/@import\s+["']([^"']+)/gi)) yield address ?? ''
}

const isOfThisSite = (address: string): boolean => !/^(?:data:|https?:|\/\/|#|$)/i.test(address.trim())
