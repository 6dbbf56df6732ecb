import type { ServiceHandler } from './calls.ts'
import { readBody } from './http.ts'
import type { Place } from './place.ts'
import { readForm, sendQueryError, sendQueryResult } from './query-protocol.ts'

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

export function stsService({ account }: Place): ServiceHandler {
  return async ({ request, response, roleArn }) => {
    const form = readForm(await readBody(request, 64 * 1024))
    const operation = form['Action'] ?? ''
    if (operation !== 'GetCallerIdentity') {
      return sendQueryError(
        response,
        namespace,
        400,
        'InvalidAction',
        `The local STS does not offer ${operation}`,
      )
    }
    const role = roleArn?.split('/').at(-1)
    const arn = role ? `arn:aws:sts::${account}:assumed-role/${role}/local` : `arn:aws:iam::${account}:root`
    const UserId = role ? `AROALOCAL:${role}` : account
    sendQueryResult(response, namespace, operation, { Arn: arn, UserId, Account: account })
  }
}
