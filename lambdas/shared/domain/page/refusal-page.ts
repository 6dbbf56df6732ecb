import type { ErrorName, LockgateError } from '../../contract/errors.ts'
import { messagePage, type Message } from './message-page.ts'
import { pageResponse, type PageResponse } from './page-response.ts'

type Refusal = Message & { readonly status: number }

const refusals: { readonly [name in ErrorName]?: Refusal } = {
  GateNotFound: {
    status: 404,
    title: 'This link opens no gate',
    text: 'Please open the link of the mail again, whole: it may have been cut off.',
  },
  GateClosed: {
    status: 410,
    title: 'This link has expired',
    text: 'If the gate is still to be decided, the newest mail about it has a link that works.',
  },
  StaleEvidence: {
    status: 409,
    title: 'The evidence has changed',
    text: 'The stage was measured again after this page was shown. Your decision was not recorded, because it was about earlier evidence.',
    lookAgain: true,
  },
  StageNotPassed: {
    status: 409,
    title: 'This stage cannot be approved',
    text: 'At least one criterion is not met. Such a stage can be rejected or held; nothing was recorded.',
    lookAgain: true,
  },
  EvidenceAltered: {
    status: 409,
    title: 'The evidence is not what was signed',
    text: 'The stored evidence does not have the hash that the gate recorded. Nothing is shown and nothing can be decided. Please tell the operators: EvidenceAltered.',
  },
}

/** What a person sees of a refusal; `undefined` for one that is not theirs. */
export function refusalPage({ name }: LockgateError): PageResponse | undefined {
  const refusal = refusals[name]
  return refusal && pageResponse(refusal.status, messagePage(refusal))
}
