import { html } from './html.ts'
import { layout } from './layout.ts'

export interface Message {
  readonly title: string
  readonly text: string
  /** Whether reading the gate again, at the same address, helps. */
  readonly lookAgain?: boolean
}

/** A page that says one thing, and gives nothing else away. */
export function messagePage({ title, text, lookAgain = false }: Message): string {
  const again = html`<p><a href="?">Look at the gate again</a></p>`
  return layout({
    title,
    main: html`<h1>${title}</h1>
      <div class="card message">
        <p>${text}</p>
        ${lookAgain && again}
      </div>`,
  })
}
