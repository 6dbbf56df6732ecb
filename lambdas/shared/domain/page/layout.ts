import { html, type Html } from './html.ts'
import { styleElement, styleHash } from './style.ts'

/** Two gate leaves that meet at an angle, above the water. */
const sign = html`<svg
  viewBox="0 0 24 24"
  aria-hidden="true"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M3 4v13M21 4v13M3 6l9 5 9-5M12 11v6" />
  <path d="M2 20.500c2 0 2-1.500 4-1.500s2 1.500 4 1.500 2-1.500 4-1.500 2 1.500 4 1.500 2-1.500 4-1.500" />
</svg>`

const policy = html`<meta
  http-equiv="Content-Security-Policy"
  content="${`default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'none'; base-uri 'none'`}"
/>`

export interface Layout {
  readonly title: string
  /** Stands beside the name at the top. */
  readonly where?: string
  readonly main: Html
  /** For a document that is opened from a file: it has no headers that could say it. */
  readonly holdsPolicy?: boolean
}

/** A whole document. */
export function layout({ title, where, main, holdsPolicy = false }: Layout): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        ${holdsPolicy && policy}
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} - Lockgate</title>
        ${styleElement}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <div class="page">
          <header class="top">
            ${sign}<span><b>Lockgate</b>${where === undefined ? '' : html` &middot; ${where}`}</span>
          </header>
          <main id="main">${main}</main>
        </div>
      </body>
    </html> `
  return page.toString()
}
