import { marks } from './width.ts'

/** Returns a line of a page's Markdown as text for a terminal. Only the forms of `report/text/markdown.ts` are known. */
export function inline(markdown: string, { addresses = true } = {}): string {
  const [kept, ...codes] = withoutCode(markdown)
  const text = (kept ?? '')
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[((?:\\.|[^\]\\])*)\]\(<?([^)>\s]+)>?\)/g, (_, label: string, url: string) =>
      addresses && !label.includes(url) ? `${label} ${marks.link}${decoded(url)}${marks.off}` : label,
    )
    .replace(/<br\s*\/?>/g, ' · ')
    .replace(/<\/?(?:span|sub|sup|b|i|em|strong|summary|kbd|p|div)(?:\s[^>]*)?>/g, '')
    .replace(/(?<!\\)\*\*(.+?)(?<!\\)\*\*/g, `${marks.bold}$1${marks.off}`)
    .replace(/(?<![\\\w])_(\S(?:.*?\S)?)(?<!\\)_(?!\w)/g, '$1')
  return decoded(unescaped(text)).replace(/\ue005(\d+)\ue005/g, (_, at) => codes[Number(at)] ?? '')
}

/** Takes code out, whose letters mean nothing: a place for each, and the codes after the text. */
function withoutCode(markdown: string): string[] {
  const codes: string[] = []
  const keep = (text: string): string => {
    codes.push(`${marks.code}${text}${marks.off}`)
    return `\ue005${codes.length - 1}\ue005`
  }
  const text = markdown
    .replace(/<code>(.*?)<\/code>/g, (_, inner: string) => keep(decoded(inner)))
    .replace(/(?<!\\)`([^`]+)`/g, (_, inner: string) => keep(inner))
  return [text, ...codes]
}

const unescaped = (text: string): string => text.replace(/\\([\\`*_[\]~#+=\-.!|()<>])/g, '$1')

const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return names[name] ?? whole
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return point >= 0x20 && point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })
