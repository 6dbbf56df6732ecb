import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** From the mail to the approval page. */
export async function followLink(page: Page): Promise<void> {
  await page.locator('pre a').first().click()
  await page.waitForLoadState()
}

/** The browser keeps an empty reason back; one of blanks comes back from the server, with what was chosen. */
export async function refusesWithoutReason(page: Page, who: string): Promise<void> {
  const address = page.url()
  await page.getByRole('radio', { name: 'Approve' }).check()
  await page.getByRole('button', { name: 'Record my decision' }).click()
  expect(await page.locator('textarea:invalid').count()).toBe(1)
  expect(await page.locator('[role=alert]').count()).toBe(0)
  await page.locator('#reason').fill('    ')
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.getByRole('button', { name: 'Record my decision' }).click(),
  ])
  expect(answer.status(), who).toBe(422)
  await page.locator('[role=alert]').waitFor()
  expect(await page.locator('[role=alert]').innerText()).toContain('Please give a reason')
  expect(await page.getByRole('radio', { name: 'Approve' }).isChecked()).toBe(true)
  expect(page.url().split('#')[0]).toBe(address)
}

/** Approves by the form, and waits until the page says so: that the approval counts, or that it was the last. */
export async function approve(page: Page, reason: string): Promise<'counted' | 'decided'> {
  await page.getByRole('radio', { name: 'Approve' }).check()
  await page.locator('#reason').fill(reason)
  await page.getByRole('button', { name: 'Record my decision' }).click()
  const said = page.locator('h2#decided, h2#mine')
  await said.waitFor()
  return (await said.getAttribute('id')) === 'decided' ? 'decided' : 'counted'
}
