const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character)
}

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (whole, hex?: string, decimal?: string, name?: string) =>
      name === undefined
        ? String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal))
        : (named[name] ?? whole),
  )
}

/** The contents of each element of that name: enough for the flat documents that AWS clients send. */
export function elements(xml: string, name: string): readonly string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g')
  return Array.from(xml.matchAll(pattern), ([, content]) => content ?? '')
}

export function textOf(xml: string, name: string): string | undefined {
  const [content] = elements(xml, name)
  return content === undefined ? undefined : unescapeXml(content)
}

type Value = string | number | boolean | undefined | readonly string[]

/** `<name>…</name>` for each entry: a string is text, a list is XML already made. */
export function element(
  name: string,
  content: Readonly<Record<string, Value>> | string,
  attributes = '',
): string {
  const inner = typeof content === 'string' ? escapeXml(content) : fields(content)
  return `<${name}${attributes}>${inner}</${name}>`
}

function fields(content: Readonly<Record<string, Value>>): string {
  return Object.entries(content)
    .map(([name, value]) => {
      if (value === undefined) return ''
      return Array.isArray(value) ? value.join('') : element(name, String(value))
    })
    .join('')
}
