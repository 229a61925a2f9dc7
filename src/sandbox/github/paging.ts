import { type Call, ok, type SiteReply } from './reply.ts'

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly link: string | undefined
}

/** The page that the query asks for. */
export function pageOf<Item>(call: Call, all: readonly Item[], standardSize = 30): Page<Item> {
  const size = Number(call.query.per_page ?? standardSize)
  const number = Math.max(1, Number(call.query.page ?? 1))
  const last = Math.max(1, Math.ceil(all.length / size))
  return { items: all.slice((number - 1) * size, number * size), link: linkHeader(call.url, number, last) }
}

/** A list in pages: `shape` builds the body from the items of one page. */
export function paged<Item>(
  call: Call,
  all: readonly Item[],
  shape: (items: readonly Item[]) => unknown = (items) => items,
): SiteReply {
  const { items, link } = pageOf(call, all)
  const reply = ok(shape(items))
  return link === undefined || reply.kind !== 'json' ? reply : { ...reply, headers: { link } }
}

function linkHeader(url: URL, number: number, last: number): string | undefined {
  if (last === 1) return undefined
  const to = (page: number, rel: string) => {
    const target = new URL(url)
    target.searchParams.set('page', String(page))
    return `<${target.href}>; rel="${rel}"`
  }
  const back = number > 1 ? [to(number - 1, 'prev'), to(1, 'first')] : []
  const onward = number < last ? [to(number + 1, 'next'), to(last, 'last')] : []
  return [...back, ...onward].join(', ')
}
