import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'

export interface Listening {
  readonly type: 'listening'
  readonly port: number
}

/** A process that offers a service on a port of loopback, and ends when the IPC channel to it does. */
export interface Child {
  readonly port: number
  readonly endpoint: string
  close(): Promise<void>
}

/** Waits until the process says `{ type: 'listening', port }`. Its end, when not asked for, is a failure. */
export function startChild(
  name: string,
  process: ChildProcess,
  onFailure: (error: Error) => void,
): Promise<Child> {
  return new Promise((resolve, reject) => {
    let fail: (error: Error) => void = reject
    process.on('error', (error) => fail(error))
    process.once('exit', (code, signal) =>
      fail(new Error(`The ${name} process ended: ${signal ?? `exit ${code}`}`)),
    )
    process.on('message', (message: { type: string; port?: number }) => {
      if (message.type !== 'listening' || message.port === undefined) return
      fail = onFailure
      const close = async () => {
        fail = () => undefined
        if (process.exitCode !== null || process.signalCode !== null) return
        const exited = once(process, 'exit')
        process.kill('SIGKILL')
        await exited
      }
      resolve({ port: message.port, endpoint: `http://127.0.0.1:${message.port}`, close })
    })
  })
}
