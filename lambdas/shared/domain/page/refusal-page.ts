import type { ErrorName } from '../../contract/errors.ts'
import { messagePage, type Message } from './message-page.ts'
import { pageResponse, type PageResponse } from './page-response.ts'

type Refusal = Message & { readonly status: number }

const refusals: { readonly [name in ErrorName]?: Refusal } = {
  GateNotFound: {
    status: 404,
    title: 'This link opens no gate',
    text: 'Please open the link of the mail again, whole: it may have been cut off.',
  },
  SourceRefused: {
    status: 429,
    title: 'This link opens no gate',
    text: 'Many links that open nothing came from your network, so such links are not looked at any more for a while. A link that is right works at any time: please open the newest mail again.',
  },
  CrossSiteRequest: {
    status: 403,
    title: 'This did not come from the approval page',
    text: 'Nothing was recorded. Please open your link, and decide on the page.',
  },
  MalformedForm: {
    status: 415,
    title: 'This is not the form of the approval page',
    text: 'Nothing was recorded. Please open your link, and decide on the page.',
  },
  FormTooLarge: {
    status: 413,
    title: 'This is too long',
    text: 'Nothing was recorded. Please go back and shorten the reason.',
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
    text: 'At least one criterion is not met. Such a stage can be sent back, rolled back or held; nothing was recorded.',
    lookAgain: true,
  },
  LinkUsed: {
    status: 409,
    title: 'This link has decided',
    text: 'A link decides once. Nothing was recorded; if you are needed again, the next mail about this gate has a new link.',
    lookAgain: true,
  },
  ApproverRemoved: {
    status: 403,
    title: 'This link is no longer valid',
    text: 'The address that it was sent to no longer has this role. Nothing was recorded.',
  },
  ApproverInTwoRoles: {
    status: 403,
    title: 'Nobody can decide here now',
    text: 'One address has two roles of this gate, and nobody may speak with two voices. Nothing was recorded. Please tell the operators: ApproverInTwoRoles.',
  },
  NotYourDecision: {
    status: 403,
    title: 'This is not yours to decide',
    text: 'Your role may not take this decision at this gate. Nothing was recorded.',
    lookAgain: true,
  },
  NothingToWithdraw: {
    status: 409,
    title: 'There is nothing to withdraw',
    text: 'No approval of yours counts at this gate, on the evidence that is before it now. Nothing was recorded.',
    lookAgain: true,
  },
  TooManyDecisions: {
    status: 409,
    title: 'This gate has taken too many decisions',
    text: 'It can be sent back, rolled back or held. Nothing was recorded. Please tell the operators: TooManyDecisions.',
    lookAgain: true,
  },
  EvidenceAltered: {
    status: 409,
    title: 'The evidence is not what was signed',
    text: 'The stored evidence does not have the hash that the gate recorded. Nothing is shown and nothing can be decided. Please tell the operators: EvidenceAltered.',
  },
}

interface Refused {
  readonly error: { readonly name: ErrorName }
  readonly retryAfterSeconds?: number
}

/** What a person sees of a refusal; `undefined` for one that is not theirs. */
export function refusalPage({ error, retryAfterSeconds }: Refused): PageResponse | undefined {
  const refusal = refusals[error.name]
  if (refusal === undefined) return undefined
  const page = pageResponse(refusal.status, messagePage(refusal))
  if (retryAfterSeconds === undefined) return page
  return { ...page, headers: { ...page.headers, 'retry-after': String(retryAfterSeconds) } }
}
