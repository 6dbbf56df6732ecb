import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approve, followLink, refusesWithoutReason } from '../support/approval-steps.ts'
import { launchBrowser, overflow, picture, watchedContext, type Watched } from '../support/browser.ts'
import { runCommand, type RunningCommand } from '../support/command.ts'
import { itemsOf, operatorOf, tableEndingWith, type RawItem } from '../support/places-table.ts'
import { writeSmallExport } from '../support/small-export.ts'

/** A run whose gates a person decides: mail by mail, on a desk by day and on a phone at night. */
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const
const ways: Readonly<Record<string, BrowserContextOptions>> = {
  'desk, light': { viewport: { width: 1200, height: 900 }, colorScheme: 'light' },
  'phone, dark, without JavaScript': { ...phone, colorScheme: 'dark', javaScriptEnabled: false },
}
const reason = 'Counts, samples & differences look right; "go on".'

let directory: string
let command: RunningCommand
let browser: Browser
let mailboxUrl: string
let gates: () => Promise<RawItem[]>
const watched: Watched[] = []
const pages: Page[] = []
/** Addresses of the mails about gates that are decided. */
const decided = new Set<string>()
let hasEnded = false

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-browser-'))
  const { options } = await writeSmallExport(join(directory, 'export'), {
    cities: { files: 4, rowsPerFile: 500 },
    airports: { files: 2, rowsPerFile: 100 },
  })
  command = runCommand('start', 'cities', ...options, '--state', join(directory, 'state'))
  void command.finished.then(() => (hasEnded = true))
  browser = await launchBrowser()
  mailboxUrl = await command.said(/mailbox\s+(\S+)/)
  const { origin } = new URL(mailboxUrl)
  const client = new DynamoDBClient(operatorOf(origin))
  gates = async () => {
    const items = await Array.fromAsync(itemsOf(client, await tableEndingWith(client, 'gates')))
    return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  for (const way of Object.values(ways)) {
    const one = await watchedContext(browser, origin, way)
    watched.push(one)
    pages.push(await one.context.newPage())
  }
})

afterAll(async () => {
  command?.kill()
  await browser?.close()
  await rm(directory, { recursive: true, force: true })
})

test.each(Object.keys(ways))(
  '%s: the mail leads to a page with all that there is to decide on',
  async (way) => {
    const page = pageOf(way)
    const mail = (await openNewestMail(page)) ?? ''
    await picture(page, `mail, ${way}`)
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await followLink(page)

    expect(await page.title()).toMatch(/^May stage (rehearse|pilot) of (cities|airports) pass\? - Lockgate$/)
    const verdicts = page.locator('table.criteria')
    expect(await verdicts.locator('tbody tr').count()).toBeGreaterThanOrEqual(4)
    expect(await verdicts.locator('tbody .verdict').allInnerTexts()).toSatisfy((texts: string[]) =>
      texts.every((text) => text.trim().toLowerCase() === 'pass'),
    )
    const flow = page.locator('svg.flow')
    expect(await flow.getAttribute('aria-label')).toMatch(/^Flow of records: [\d,]+ extracted, [\d,]+ mapped/)
    expect((await flow.boundingBox())?.height).toBeGreaterThan(40)
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await picture(page, `approval, ${way}`)

    const link = page.url()
    const before = await gates()
    for (const method of ['GET', 'HEAD', 'GET']) await fetch(link, { method })
    await page.reload()
    expect(await gates()).toEqual(before)

    await refusesWithoutReason(page, way)
    expect(await gates()).toEqual(before)
    await picture(page, `without a reason, ${way}`)

    await approve(page, reason)
    decided.add(mail)
    expect(await page.title()).toMatch(/^Stage (rehearse|pilot) of (cities|airports) is approved - Lockgate$/)
    expect(await page.locator('blockquote').innerText()).toBe(reason)
    await picture(page, `after the decision, ${way}`)

    await page.goto(link)
    expect(await page.locator('h2#decided').innerText()).toBe('Decided: approved')
    expect(await page.locator('form').count()).toBe(0)
    expect(await page.locator('#decide').innerText()).toContain('steward@example.com')
  },
)

test('a link that nobody was sent opens no gate, and says so', async () => {
  const page = pageOf('desk, light')
  await openNewestMail(page)
  const link = (await page.locator('pre a').getAttribute('href')) ?? ''
  for (const made of [
    `${link.slice(0, -1)}${link.endsWith('A') ? 'E' : 'A'}`,
    link.slice(0, -9),
    `${link}%00`,
  ]) {
    const answer = await fetch(made)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('This link opens no gate')
  }
})

test('the run succeeds when every gate is approved', async () => {
  const names = Object.keys(ways)
  for (let turn = 0; ; turn += 1) {
    const page = pageOf(names[turn % names.length] ?? '')
    const mail = await nextMail(page)
    if (mail === undefined) break
    await followLink(page)
    expect(await page.title()).toMatch(
      /^May stage (rehearse|pilot|full) of (cities|airports) pass\? - Lockgate$/,
    )
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await picture(page, `approval ${turn + 3}`)
    await approve(page, reason)
    decided.add(mail)
  }
  const { code, output } = await command.finished
  expect(output).toContain('The run has ended: succeeded.')
  expect(code).toBe(0)
  expect(decided.size).toBe(6)
})

test('no page asked for anything elsewhere, or had an error in its console', () => {
  expect(watched.flatMap(({ elsewhere }) => elsewhere)).toEqual([])
  // The browser's own words for the answer to a form that was not filled in.
  const errors = watched.flatMap(({ errors }) => errors).filter((text) => !text.includes('status of 422'))
  expect(errors).toEqual([])
})

function pageOf(way: string): Page {
  const page = pages[Object.keys(ways).indexOf(way)]
  if (page === undefined) throw new Error(`no page for ${way}`)
  return page
}

/** Opens the newest mail whose gate is undecided, as soon as there is one; undefined when the run has ended before. */
async function openNewestMail(page: Page): Promise<string | undefined> {
  while (!hasEnded) {
    await page.goto(mailboxUrl)
    for (const mail of await page.getByRole('link', { name: 'to decide' }).all()) {
      const address = await mail.getAttribute('href')
      if (address === null || decided.has(address)) continue
      await picture(page, `mailbox, ${decided.size} decided`)
      await mail.click()
      return address
    }
    await page.waitForTimeout(300)
  }
  return undefined
}

/** The mailbox goes when the run has ended, which may be while it is being read. */
async function nextMail(page: Page): Promise<string | undefined> {
  try {
    return await openNewestMail(page)
  } catch (error) {
    await command.finished
    if (String(error).includes('ERR_CONNECTION')) return undefined
    throw error
  }
}
