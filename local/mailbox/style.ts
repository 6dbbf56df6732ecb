import { createHash } from 'node:crypto'

export const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --quiet: light-dark(#595959, #a6a6a6); --accent: light-dark(#0b5cad, #7cb7ff); }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 46rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: .5rem 0 1rem; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
a { color: var(--accent); }
ul { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; }
li + li { border-top: 1px solid var(--line); }
li a { display: block; padding: .7rem .9rem; text-decoration: none; color: inherit; }
li a:hover, li a:focus-visible { background: var(--soft); }
li strong { display: block; font-weight: 600; }
time, .quiet { color: var(--quiet); font-size: .875rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .9rem; margin: 0 0 1rem; }
dt { color: var(--quiet); }
dd { margin: 0; }
pre { font: .95rem/1.55 ui-monospace, monospace; white-space: pre-wrap; background: var(--soft); border: 1px solid var(--line);
  border-radius: .6rem; padding: 1rem; margin: 0; }
pre a { display: inline-block; padding: .15rem 0; }
@media (max-width: 30rem) { pre { font-size: .78rem; padding: .8rem; } }
`

const digest = createHash('sha256').update(style).digest('base64')

/** Nothing but the one style sheet: mails are written by functions, and may hold anything. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
