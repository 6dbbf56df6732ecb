import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
/** Where pictures are left for people to look at. */
export const artifacts = resolve(import.meta.dirname, '../../test-artifacts')

/** Debian's Chromium, without what it would do on the network by itself. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `there is no browser at ${executablePath}: apt-get install chromium, or name another one in CHROMIUM`,
    )
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Keeps what a browser did that nobody should have to see. */
export interface Watched {
  readonly context: BrowserContext
  /** Addresses asked for that are not of this origin. */
  readonly elsewhere: readonly string[]
  /** What the console calls an error, and what scripts threw. */
  readonly errors: readonly string[]
}

export async function watchedContext(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions,
): Promise<Watched> {
  const context = await browser.newContext(options)
  const [elsewhere, errors]: [string[], string[]] = [[], []]
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) elsewhere.push(request.url())
  })
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) => errors.push(String(error.error())))
  return { context, elsewhere, errors }
}

/** By how many pixels the page is wider than the window, or what is in a card wider than the card. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(
    `Math.max(...[document.documentElement, ...document.querySelectorAll('.card')]
      .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))`,
  )
}

/** The whole page as a picture in `test-artifacts`. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(artifacts, { recursive: true })
  await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true })
}
