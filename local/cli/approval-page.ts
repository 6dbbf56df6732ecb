/** The form of an approval page. */
export interface ApprovalForm {
  readonly action: string
  /** Hidden fields by name; the evidence hash is one of them. */
  readonly hidden: Readonly<Record<string, string>>
  /** Decisions that the page offers. */
  readonly decisions: readonly string[]
  /** Name of the field that carries the decision. */
  readonly decisionField: string
}

/** Reads the form out of the page; `undefined` when there is none, because nothing is left to decide. */
export function parseApprovalPage(html: string, url: string): ApprovalForm | undefined {
  const [, attributes = '', inside = ''] = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(html) ?? []
  if (attribute(attributes, 'method')?.toLowerCase() !== 'post') return undefined
  const controls = [...inside.matchAll(/<(input|button)\b([^>]*)>/gi)].map(([, tag = '', text = '']) => ({
    tag: tag.toLowerCase(),
    type: attribute(text, 'type')?.toLowerCase(),
    name: attribute(text, 'name') ?? '',
    value: attribute(text, 'value') ?? '',
    disabled: /\sdisabled(\s|=|\/|$)/i.test(text),
  }))
  const hidden = controls.filter(({ type, name }) => type === 'hidden' && name !== '')
  const choices = controls.filter(
    ({ tag, type, value }) => (tag === 'button' || type === 'radio') && value !== '',
  )
  return {
    action: new URL(attribute(attributes, 'action') ?? '', url).href,
    hidden: Object.fromEntries(hidden.map(({ name, value }) => [name, value])),
    decisions: choices.filter(({ disabled }) => !disabled).map(({ value }) => value),
    decisionField: choices.find(({ name }) => name !== '')?.name ?? 'decision',
  }
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
}

function attribute(text: string, name: string): string | undefined {
  const [, double, single, bare] =
    new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(text) ?? []
  return (double ?? single ?? bare)?.replace(
    /&(amp|quot|#39|lt|gt);/g,
    (entity) => entities[entity] ?? entity,
  )
}
