/**
 * Returns a line in the forms in which programs print it: as it is, in an address or a form, in JSON, in HTML
 * or XML, quoted for a shell or for SQL. Each function is one family; most forms of a plain word are the word
 * itself.
 */
export function textForms(line: string): string[] {
  if (/^\w*$/.test(line)) return [line]
  const families = [percentForms(line.toWellFormed()), jsonForms(line), htmlForms(line), quotedForms(line)]
  return [line, ...new Set(families.flat())]
}

/**
 * Encodes by `encodeURIComponent`, by RFC 3986, by RFC 3986 for a path, by `encodeURI`: hexadecimal in both
 * cases, blanks as `+` too.
 */
function percentForms(line: string): string[] {
  const component = encodeURIComponent(line)
  const strict = component.replace(/[!'()*]/g, (sign) => `%${hexOf(sign)}`)
  return [component, strict, strict.replaceAll('%2F', '/'), strict.replaceAll('~', '%7E'), encodeURI(line)]
    .flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())])
    .flatMap((form) => [form, form.replaceAll('%20', '+')])
}

const hexOf = (sign: string): string => sign.charCodeAt(0).toString(16).toUpperCase()

/** Encodes by `JSON.stringify`, PHP, Go, Python, Gson and .NET, which escape more; and as JSON within JSON. */
function jsonForms(line: string): string[] {
  const plain = JSON.stringify(line).slice(1, -1)
  const more = [/(?!)/, /[<>&]/g, /[<>&=']/g, /[<>&'+`]/g]
  const escaped = more.flatMap((signs) => {
    const some = plain.replace(signs, lowerEscape)
    const all = some.replace(notAscii, lowerEscape)
    return [some, all, upperHex(some), upperHex(all)]
  })
  const net = upperHex(
    plain
      .replaceAll('\\"', '\\u0022')
      .replace(/[<>&'+`]/g, lowerEscape)
      .replace(notAscii, lowerEscape),
  )
  return [...escaped, net]
    .flatMap((form) => [form, form.replaceAll('/', '\\/')])
    .flatMap((form) => [form, JSON.stringify(form).slice(1, -1)])
}

const notAscii = /[^\x20-\x7e]/g
const lowerEscape = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
const upperHex = (form: string): string =>
  form.replace(/\\u([0-9a-f]{4})/g, (_, code: string) => `\\u${code.toUpperCase()}`)

/** Quotation marks have many names in HTML; the other three signs have one each. */
function htmlForms(line: string): string[] {
  const basic = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const doubles = ['"', '&quot;', '&#34;', '&#x22;']
  const singles = ["'", '&#39;', '&#039;', '&#x27;', '&apos;']
  return doubles
    .flatMap((double) => singles.map((single) => basic.replaceAll('"', double).replaceAll("'", single)))
    .flatMap((form) => [
      form,
      form.replaceAll('/', '&#x2F;').replaceAll('`', '&#x60;').replaceAll('=', '&#x3D;'),
    ])
    .flatMap((form) => [form, form.replaceAll('+', '&#43;')])
}

/** Between single quotes of a shell (two ways), between double ones, with a backslash before each sign; and SQL's. */
const quotedForms = (line: string): string[] => [
  line.replaceAll("'", "'\\''"),
  line.replaceAll("'", `'"'"'`),
  line.replace(/["\\$`]/g, '\\$&'),
  line.replace(/["\\$`!]/g, '\\$&'),
  line.replace(/['\\]/g, '\\$&'),
  line.replace(/['"\\]/g, '\\$&'),
  line.replace(/[^\w@%+=:,./-]/g, '\\$&'),
  line.replace(/[^\w]/g, '\\$&'),
  line.replaceAll("'", "''"),
  line.replaceAll('"', '""'),
]
