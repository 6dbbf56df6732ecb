import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/**
 * What axe-core finds wrong with the page as it is shown now, by all of its rules: one line for each rule, with the
 * elements. The policy of the page forbids scripts; this one is not the page's, it comes with the debugger.
 */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found: AxeResults = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`)
  return found.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
}
