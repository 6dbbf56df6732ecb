import type { ObjectStore } from '../../lambdas/shared/ports/object-store.ts'

export class FakeObjectStore implements ObjectStore {
  readonly bucket: string
  readonly objects = new Map<string, Uint8Array>()

  constructor(bucket = 'bucket') {
    this.bucket = bucket
  }

  async put(key: string, content: Uint8Array): Promise<void> {
    this.objects.set(key, Uint8Array.from(content))
  }

  async create(key: string, content: Uint8Array): Promise<'created' | 'exists'> {
    if (this.objects.has(key)) return 'exists'
    await this.put(key, content)
    return 'created'
  }

  async get(
    key: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<Uint8Array | undefined> {
    const content = this.objects.get(key)
    return content && Uint8Array.from(range ? content.subarray(range.start, range.end) : content)
  }

  async *list(prefix: string): AsyncIterable<string> {
    const own = [...this.objects.keys()].filter((key) => key.startsWith(prefix))
    yield* own.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  }

  /** Content as text; undefined when there is no such object. */
  text(key: string): string | undefined {
    const content = this.objects.get(key)
    return content && Buffer.from(content).toString('utf8')
  }
}
