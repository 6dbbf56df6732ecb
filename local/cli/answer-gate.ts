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

/**
 * Decides at a gate as a person would: opens the page, takes the evidence hash from its form, and posts. A page that
 * does not offer to approve belongs to a stage that has not passed; that gate is put on hold, but by no one who could
 * override.
 * @throws Error when the page cannot be opened, or refuses.
 */
export async function answerGate(link: string, signal: AbortSignal): Promise<GateAnswer> {
  const page = await fetch(link, { signal })
  const form = parseApprovalPage(await page.text(), page.url)
  if (form === undefined && page.status >= 500) {
    throw new Error(
      `the approval page answered ${page.status}; the log of its function in the state directory says why`,
    )
  }
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
  throw new Error(
    `the approval page refused the decision with ${answer.status}; open the link in a browser to see why`,
  )
}
