import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface Visit {
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** Somebody who speaks plain HTTP from one address; all of 127.0.0.0/8 is this machine. */
export class Visitor {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })
  readonly #localAddress: string
  readonly #isPatient: boolean

  /** @param isPatient tries again what the API itself throttled, before any function saw it: as a person would. */
  constructor(address: string, isPatient = false) {
    this.#localAddress = address
    this.#isPatient = isPatient
  }

  async visit(url: string, visit: Visit = {}): Promise<Answer> {
    for (;;) {
      const answer = await this.#once(url, visit)
      const isThrottled = answer.status === 429 && answer.headers['retry-after'] === undefined
      if (!isThrottled || !this.#isPatient) return answer
      await sleep(50)
    }
  }

  #once(url: string, { method = 'GET', headers = {}, body }: Visit): Promise<Answer> {
    const options = { agent: this.#agent, localAddress: this.#localAddress, method, headers: { ...headers } }
    return new Promise((done, fail) => {
      const sent = request(url, options, (response) => {
        buffer(response).then(
          (content) =>
            done({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: content.toString('utf8'),
            }),
          fail,
        )
      })
      sent.on('error', fail)
      sent.end(body)
    })
  }

  /** Sends what the page's form sends. */
  post(url: string, fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}) {
    return this.visit(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  }

  leave(): void {
    this.#agent.destroy()
  }
}
