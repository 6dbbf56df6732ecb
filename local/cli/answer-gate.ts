import pRetry from 'p-retry'
import { parseApprovalPage, type ApprovalForm } from './approval-page.ts'

/** `left`: an override would do, and that is for a person to take. `closed`: nothing is left to decide there. */
export type GateAnswer = 'approved' | 'held' | 'left' | 'closed'

/** The link to the approval page in a mail, where it has one: it stands on a line of its own. */
export function approvalLink(text: string, approvalUrl: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.trim().startsWith(`${approvalUrl}/`))
    ?.trim()
}

/** After the system's own failures: in all about a minute. */
const patience = { retries: 6, minTimeout: 1_000, maxTimeout: 20_000 }

/**
 * Decides at a gate as a person would: opens the page, takes the evidence hash from its form, and posts. A page that
 * does not offer to approve belongs to a stage that has not passed; that gate is put on hold, but by no one who could
 * override. Where the page fails, it is opened anew: only it can tell whether a decision without an answer was recorded.
 * @throws Error when the page refuses, or goes on failing.
 */
export function answerGate(link: string, signal: AbortSignal, retrying = patience): Promise<GateAnswer> {
  const shouldRetry = ({ error }: { error: Error }) => !(error instanceof PageRefusal)
  return pRetry(() => answerOnce(link, signal), { ...retrying, signal, shouldRetry })
}

async function answerOnce(link: string, signal: AbortSignal): Promise<GateAnswer> {
  const page = await fetch(link, { signal })
  const form = parseApprovalPage(await page.text(), page.url)
  if (form === undefined && page.status >= 500) throw failed(page)
  if (!hasChoice(form)) return 'closed'
  if (form.decisions.includes('approve')) {
    const reason = 'Approved by --approve: every criterion is met.'
    return (await decide(form, 'approve', reason, signal)) ? 'approved' : 'closed'
  }
  if (form.decisions.includes('override')) return 'left'
  const reason = 'Held by --approve: the stage has not passed.'
  return (await decide(form, 'hold', reason, signal)) ? 'held' : 'closed'
}

/** Whether the page of a link still has something to decide. Opening it changes nothing. */
export async function isUndecided(link: string, signal: AbortSignal): Promise<boolean> {
  const page = await fetch(link, { signal })
  return hasChoice(parseApprovalPage(await page.text(), page.url))
}

/** To take back an approval is no decision that anybody waits for. */
function hasChoice(form: ApprovalForm | undefined): form is ApprovalForm {
  return form?.decisions.some((decision) => decision !== 'withdraw') === true
}

async function decide(form: ApprovalForm, decision: string, reason: string, signal: AbortSignal) {
  const answer = await fetch(form.action, {
    method: 'POST',
    body: new URLSearchParams({ ...form.hidden, [form.decisionField]: decision, reason }),
    redirect: 'manual',
    signal,
  })
  if (answer.status < 400) return true
  // Decided meanwhile, by another approver.
  if (answer.status === 409 || answer.status === 410) return false
  if (answer.status >= 500) throw failed(answer)
  throw new PageRefusal(
    `the approval page refused the decision with ${answer.status}; open the link in a browser to see why`,
  )
}

class PageRefusal extends Error {}

const failed = ({ status }: Response) =>
  new Error(`the approval page answered ${status}; the log of its function in the state directory says why`)
