import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violations } from '../support/axe.ts'
import {
  artifacts,
  launchBrowser,
  overflow,
  picture,
  watchedContext,
  type Watched,
} from '../support/browser.ts'
import { everyPage } from '../support/every-page.ts'
import { servePages, type PageServer } from '../support/page-server.ts'

/** Each state of each page, as its function answers it, in a real browser: by day, at night and on a phone. */
const ways: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1200, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1200, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'dark' },
}
const pages = everyPage()
/** Messages differ in their words only. */
const messages = ['refused, GateNotFound', 'refused, GateClosed', 'refused, StaleEvidence']
const looked = [...pages.keys()].filter((name) => !name.startsWith('refused, ') || messages.includes(name))
/** By night on a desk the colours are those of the phone: only where there are most of them. */
const byNight = ['open', 'my approval', 'override', 'approved', 'report, troubled', 'refused, GateClosed']
const printed = ['open', 'report, troubled']

let browser: Browser
let server: PageServer
const watched: Watched[] = []
const windows = new Map<string, Page>()

beforeAll(async () => {
  server = await servePages(pages)
  browser = await launchBrowser()
  for (const [way, options] of Object.entries(ways)) {
    const one = await watchedContext(browser, server.origin, options)
    watched.push(one)
    windows.set(way, await one.context.newPage())
  }
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

async function open(name: string, way: string): Promise<Page> {
  const page = windows.get(way)
  if (page === undefined) throw new Error(`no window for ${way}`)
  await page.goto(`${server.origin}/${encodeURIComponent(name)}`)
  return page
}

describe.each(Object.keys(ways))('%s', (way) => {
  test.each(way === 'dark' ? byNight : looked)(
    '%s: axe-core finds nothing, and nothing is wider than its place',
    async (name) => {
      const page = await open(name, way)
      await picture(page, `page, ${name}, ${way}`)
      expect(await violations(page)).toEqual([])
      expect(await overflow(page)).toBeLessThanOrEqual(0)
    },
  )
})

test.each(printed)(
  '%s: on paper, axe-core finds nothing, it is as wide as A4, and has no form',
  async (name) => {
    const page = await open(name, 'dark')
    await page.pdf({
      path: join(artifacts, `paper, ${name}.pdf`),
      preferCSSPageSize: true,
      printBackground: true,
    })
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 696, height: 1000 })
    await picture(page, `paper, ${name}`)
    expect(await violations(page)).toEqual([])
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    expect(await page.locator('form').filter({ visible: true }).count()).toBe(0)
    await page.emulateMedia({ media: null })
  },
)

test('no page asked for anything, or had anything refused by its own policy', () => {
  expect(watched.flatMap(({ elsewhere }) => elsewhere)).toEqual([])
  // The browser's own words for answers that say no, such as that of a link that has expired.
  const errors = watched.flatMap(({ errors }) => errors).filter((text) => !/status of [45]\d\d/.test(text))
  expect(errors).toEqual([])
})
