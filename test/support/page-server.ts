import { createServer } from 'node:http'
import type { PageResponse } from '../../lambdas/shared/domain/page/page-response.ts'

export interface PageServer {
  readonly origin: string
  close(): void
}

/** Serves each response under its name, with its headers, to a browser on this machine. */
export async function servePages(pages: ReadonlyMap<string, PageResponse>): Promise<PageServer> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '', 'http://localhost').pathname.slice(1))
    const page = pages.get(name)
    response.writeHead(page?.status ?? 404, { ...page?.headers })
    response.end(page?.body ?? '')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { origin: `http://127.0.0.1:${address.port}`, close: () => void server.close() }
}
