import type { RequestedAction } from './request.ts'
import { objectArn } from './s3-location.ts'

/** DeleteObjects names its keys in XML; each is authorized on its own. */
export function deletions(body: string, bucket: string): readonly RequestedAction[] {
  const objects = [...body.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, object = '']) => object)
  return objects.map((object) => {
    const key = xmlText(/<Key>(.*?)<\/Key>/s.exec(object)?.[1] ?? '')
    const version = /<VersionId>(.*?)<\/VersionId>/s.exec(object)?.[1]
    return {
      action: version === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
      resourceArns: [objectArn({ bucket, key })],
      context: version === undefined ? {} : { 's3:VersionId': version },
    }
  })
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const xmlText = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (all, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      return entities[name ?? ''] ?? all
    },
  )
