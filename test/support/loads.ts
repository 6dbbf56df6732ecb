/** Attributes by which HTML or SVG load something, open something or send something somewhere. */
const attributes =
  /\b(?:src|srcset|href|xlink:href|action|formaction|poster|data|cite|background|longdesc|manifest|ping|profile|codebase|archive|classid|usemap|dynsrc|lowsrc|icon|imagesrcset|srcdoc)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi
const inStyle =
  /url\(\s*["']?([^)"']*)|@import\s+["']?([^"';]+)|image-set\(\s*["']?([^"')]*)|src\(\s*["']?([^)"']*)/gi
const refresh = /<meta\b[^>]*http-equiv\s*=\s*["']?refresh[^>]*>/gi
/** Elements that load even where no attribute says what. */
const loaders =
  /<(?:script|link|iframe|frame|object|embed|base|img|image|audio|video|source|track|portal|applet|use)\b[^>]*>/gi

/**
 * Everything in a document that a browser would fetch, or go to, on another place than the document itself; a
 * fragment or a bare `?` leads back to it. Nothing for a document that stands on its own.
 */
export function loadsOf(page: string): string[] {
  const tags = [...page.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag).join('\n')
  const styles = [...page.matchAll(/<style\b[^>]*>(.*?)<\/style>/gis)].map(([, text = '']) => text)
  const inline = [...tags.matchAll(/\bstyle\s*=\s*"([^"]*)"/gi)].map(([, text = '']) => text)
  const targets = [
    ...[...tags.matchAll(attributes)].map(([, a, b, c]) => a ?? b ?? c ?? ''),
    ...[...styles, ...inline].flatMap((text) => [...text.matchAll(inStyle)].map(([found]) => found)),
  ]
  return [
    ...targets.filter((target) => !/^(?:#[\w-]*|\?)$/.test(target)),
    ...[...tags.matchAll(loaders)].map(([tag]) => tag),
    ...[...tags.matchAll(refresh)].map(([tag]) => tag),
  ]
}
