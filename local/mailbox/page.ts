import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Mail } from './mail.ts'
import type { Mailbox } from './mailbox.ts'
import { contentSecurityPolicy, style } from './style.ts'

/** `/mailbox`, and `/mailbox/<id>` for one mail. Reading changes nothing. */
export function serveMailbox(
  mailbox: Mailbox,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return send(response, 405, page('Not allowed', ''))
  const id = decodeURIComponent(pathname.replace(/^\/mailbox\/?/, ''))
  if (id === '') return send(response, 200, list(mailbox.mails()))
  const mail = mailbox.mails().find((one) => one.id === id)
  if (mail) send(response, 200, single(mail))
  else send(response, 404, page('No such mail', '<p><a href="/mailbox">All mail</a></p>'))
}

function send(response: ServerResponse, statusCode: number, html: string): void {
  response.writeHead(statusCode, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(html)
}

function list(mails: readonly Mail[]): string {
  const byRecipient = Map.groupBy(mails.toReversed(), ({ to }) => to)
  const sections = [...byRecipient]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([to, own]) => {
      const items = own.map(
        (mail) =>
          `<li><a href="/mailbox/${encodeURIComponent(mail.id)}"><strong>${escape(mail.subject)}</strong>${time(mail)}</a></li>`,
      )
      return `<h2>${escape(to)} <span class="quiet">(${own.length})</span></h2><ul>${items.join('')}</ul>`
    })
  const empty =
    '<p class="quiet">No mail yet. What Lockgate sends to approvers arrives here; reload to look again.</p>'
  return page('Mailbox', sections.join('') || empty)
}

function single(mail: Mail): string {
  const fields = {
    To: escape(mail.to),
    Sent: time(mail),
    Topic: escape(mail.topicArn.split(':').at(-1) ?? ''),
  }
  const rows = Object.entries(fields).map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`)
  return page(
    mail.subject,
    `<dl>${rows.join('')}</dl><pre>${linked(mail.text)}</pre><p><a href="/mailbox">All mail</a></p>`,
  )
}

const time = ({ sentAt }: Mail) =>
  `<time datetime="${escape(sentAt)}">${escape(sentAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'))}</time>`

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · Lockgate</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`
}

/** Web addresses become links; a full stop or bracket at the end is the sentence's, not the address's. */
export function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}])/)
    .map((part, index) =>
      index % 2 === 0 ? escape(part) : `<a href="${escape(part)}" rel="noreferrer">${escape(part)}</a>`,
    )
    .join('')
}

const characters: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => characters[character] ?? '')
