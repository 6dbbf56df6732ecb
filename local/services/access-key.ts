import type { IncomingHttpHeaders } from 'node:http'

export interface Signer {
  readonly accessKeyId: string
  readonly region: string
  /** Signing name of the service: `dynamodb`, `s3`, `states`, … */
  readonly service: string
}

const rolePrefix = 'ASIALOCK'

/** Id of the access key of a role. Whatever does not look like it belongs to the operator at the keyboard. */
export const roleKeyId = (digits: string) => `${rolePrefix}${digits}`

export const isRoleKey = (accessKeyId: string | undefined) => accessKeyId?.startsWith(rolePrefix) ?? false

const scope = /Credential=([^/\s]+)\/\d{8}\/([^/\s]+)\/([^/\s]+)\/aws4_request/

/**
 * Who signed a request, and for which service and region. The signature itself is not verified: everything
 * here listens on loopback, for one user, and what the keys are for is to tell the roles apart.
 */
export function signerOf(headers: IncomingHttpHeaders, query?: URLSearchParams): Signer | undefined {
  const presigned = query?.get('X-Amz-Credential')
  const text = headers.authorization ?? (presigned ? `Credential=${presigned}` : '')
  const [, accessKeyId, region, service] = scope.exec(text) ?? []
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined
  return { accessKeyId, region, service }
}
