import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approve, followLink, refusesWithoutReason } from '../support/approval-steps.ts'
import { violations } from '../support/axe.ts'
import { launchBrowser, overflow, picture, watchedContext, type Watched } from '../support/browser.ts'
import { runCommand, type RunningCommand } from '../support/command.ts'
import { evidenceReports } from '../support/evidence-reports.ts'
import { loadsOf } from '../support/loads.ts'
import { itemsOf, operatorOf, tableEndingWith, type RawItem } from '../support/places-table.ts'
import { writeSmallExport } from '../support/small-export.ts'

/** A run whose gates three people decide, each from the mails of their own: at a desk by day, and on phones. */
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const
const people: Readonly<Record<string, BrowserContextOptions>> = {
  steward: { viewport: { width: 1200, height: 900 }, colorScheme: 'light' },
  qa: { ...phone, colorScheme: 'dark', javaScriptEnabled: false },
  operations: { ...phone, colorScheme: 'light' },
}
const roles = Object.keys(people)
const reason = 'Counts, samples & differences look right; "go on".'

let directory: string
let command: RunningCommand
let browser: Browser
let mailboxUrl: string
let gates: () => Promise<RawItem[]>
let reports: () => Promise<ReadonlyMap<string, string | undefined>>
const watched: Watched[] = []
const pages = new Map<string, Page>()
/** Addresses of the mails that have been answered. */
const answered = new Set<string>()
let hasEnded = false

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-browser-'))
  const { options } = await writeSmallExport(join(directory, 'export'), {
    cities: { files: 3, rowsPerFile: 300 },
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
  const s3 = new S3Client({ ...operatorOf(origin), forcePathStyle: true })
  reports = () => evidenceReports(s3)
  for (const [role, way] of Object.entries(people)) {
    const one = await watchedContext(browser, origin, way)
    watched.push(one)
    pages.set(role, await one.context.newPage())
  }
})

afterAll(async () => {
  command?.kill()
  await browser?.close()
  await rm(directory, { recursive: true, force: true })
})

test.each(roles.map((role, place) => [role, place] as const))(
  '%s: the mail leads to a page with all that there is to decide on, and the page takes the approval',
  async (role, place) => {
    const page = pageOf(role)
    const before = (await openOldestMail(role)) ?? ''
    expect(await page.locator('pre').innerText()).toContain('0 of 3 places are filled.')
    await picture(page, `mail, ${role}`)
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await followLink(page)
    await expectToShowAll(page, place)
    await picture(page, `approval, ${role}`)

    const link = page.url()
    const stored = await gates()
    for (const method of ['GET', 'HEAD', 'GET']) await fetch(link, { method })
    await page.reload()
    expect(await gates()).toEqual(stored)
    await refusesWithoutReason(page, role)
    expect(await gates()).toEqual(stored)

    const last = place === roles.length - 1
    expect(await approve(page, reason)).toBe(last ? 'decided' : 'counted')
    answered.add(before)
    expect(await page.locator('blockquote').innerText()).toBe(reason)
    if (!last) expect(await page.locator('.banner.info').innerText()).toContain('Your approval is recorded.')
    await expectNoViolation(page, role)
    await picture(page, `after the decision, ${role}`)

    await page.goto(link)
    if (last) {
      expect(await page.title()).toMatch(/^Stage rehearse of (cities|airports) is approved - Lockgate$/)
      expect(await page.locator('form').count()).toBe(0)
      expect(await page.locator('.places .filled').count()).toBe(3)
    } else {
      expect(await page.locator('h2#mine').innerText()).toBe('You have approved')
      expect(await page.getByText('Withdraw my approval').first().isVisible()).toBe(true)
    }
  },
)

test('a link that nobody was sent opens no gate, and says so', async () => {
  const page = pageOf('steward')
  await openOldestMail('steward')
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

test('the run goes on from gate to gate, and succeeds when three people have approved at each', async () => {
  let closed = 1
  for (let turn = 0; ; turn += 1) {
    const role = roles[turn % roles.length] ?? ''
    const page = pageOf(role)
    const mail = await nextMail(role)
    if (mail === undefined) break
    await followLink(page)
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    if (await page.title().then((title) => title.includes('full of cities')))
      await picture(page, `full, ${role}`)
    closed += (await approve(page, reason)) === 'decided' ? 1 : 0
    answered.add(mail)
    if (closed === 5) await expectReports()
  }
  const { code, output } = await command.finished
  expect(output).toContain('The run has ended: succeeded.')
  expect(code).toBe(0)
  expect(closed).toBe(6)
})

test('no page asked for anything elsewhere, or had an error in its console', () => {
  expect(watched.flatMap(({ elsewhere }) => elsewhere)).toEqual([])
  // The browser's own words for the answer to a form that was not filled in.
  const errors = watched.flatMap(({ errors }) => errors).filter((text) => !text.includes('status of 422'))
  expect(errors).toEqual([])
})

async function expectToShowAll(page: Page, approvals: number): Promise<void> {
  expect(await page.title()).toMatch(/^May stage rehearse of (cities|airports) pass\? - Lockgate$/)
  const verdicts = page.locator('table.criteria')
  expect(await verdicts.locator('tbody tr').count()).toBeGreaterThanOrEqual(4)
  expect(await verdicts.locator('tbody .verdict').allInnerTexts()).toSatisfy((texts: string[]) =>
    texts.every((text) => text.trim().toLowerCase() === 'pass'),
  )
  const flow = page.locator('svg.flow')
  expect(await flow.getAttribute('aria-label')).toMatch(/^Flow of records: [\d,]+ extracted, [\d,]+ mapped/)
  expect((await flow.boundingBox())?.height).toBeGreaterThan(40)
  expect(await page.locator('.places .filled').count()).toBe(approvals)
  expect(await page.locator('.places .open').count()).toBe(3 - approvals)
  expect(await overflow(page)).toBeLessThanOrEqual(0)
}

/** Without JavaScript there is nothing that could look. */
async function expectNoViolation(page: Page, role: string): Promise<void> {
  if (people[role]?.javaScriptEnabled !== false) expect(await violations(page)).toEqual([])
}

/** Beside each piece of evidence lies a report that stands on its own. */
async function expectReports(): Promise<void> {
  const all = await reports()
  expect(all.size).toBeGreaterThanOrEqual(5)
  for (const [hash, report] of all) {
    expect(report).toContain(hash)
    expect(loadsOf(report ?? '')).toEqual([])
  }
  const page = pageOf('steward')
  await page.setContent([...all.values()][0] ?? '')
  await picture(page, 'report')
  expect(await violations(page)).toEqual([])
}

function pageOf(role: string): Page {
  const page = pages.get(role)
  if (page === undefined) throw new Error(`no page for ${role}`)
  return page
}

/** Opens the oldest mail to this person that is not answered, as soon as there is one; undefined when the run ends before. */
async function openOldestMail(role: string): Promise<string | undefined> {
  const page = pageOf(role)
  while (!hasEnded) {
    await page.goto(mailboxUrl)
    const own = page.locator(`h2:has-text("${role}@example.com") + ul a`)
    for (const mail of (await own.all()).toReversed()) {
      const address = await mail.getAttribute('href')
      if (address === null || answered.has(address)) continue
      await mail.click()
      return address
    }
    await page.waitForTimeout(300)
  }
  return undefined
}

/** The mailbox goes when the run has ended, which may be while it is being read. */
async function nextMail(role: string): Promise<string | undefined> {
  try {
    return await openOldestMail(role)
  } catch (error) {
    await command.finished
    if (String(error).includes('ERR_CONNECTION')) return undefined
    throw error
  }
}
