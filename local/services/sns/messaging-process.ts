/** The process that holds topics and queues: fauxqs, whose database is in the directory given. */
import { Server } from 'node:net'
import { startFauxqs } from 'fauxqs'
import type { Listening } from '../child.ts'
import { endWithParent } from '../ends-with-parent.ts'

endWithParent()

// fauxqs listens on all interfaces, and has no option against it.
const listen = Object.getOwnPropertyDescriptor(Server.prototype, 'listen')?.value as Server['listen']
Server.prototype.listen = function (this: Server, options: object, ...rest: []) {
  return listen.call(this, { ...options, host: '127.0.0.1' }, ...rest)
} as Server['listen']

const [dataDir = '', defaultRegion = ''] = process.argv.slice(2)
const { port } = await startFauxqs({ port: 0, dataDir, defaultRegion, logger: false })
const message: Listening = { type: 'listening', port }
process.send?.(message)
