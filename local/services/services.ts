import type { Assembly } from '../assembly/model.ts'
import type { FaultCounts } from '../faults/disturbance.ts'
import type { FaultOptions } from '../faults/fault-plan.ts'
import { StoreFaults } from '../faults/store-faults.ts'
import type { Credentials } from '../lambda/environment.ts'
import type { FunctionPool } from '../lambda/pool.ts'
import type { Mail } from '../mailbox/mail.ts'
import { Mailbox } from '../mailbox/mailbox.ts'
import { serveMailbox } from '../mailbox/page.ts'
import type { Guard } from '../permissions/guard.ts'
import { Callers } from './callers.ts'
import { targetOf, type ServiceHandler } from './calls.ts'
import { startTables } from './dynamodb/tables.ts'
import { EventBus, type BusEvent } from './events/bus.ts'
import { createFront, listen } from './front.ts'
import { httpApiService } from './http-api/service.ts'
import { KeyStore } from './kms/key-store.ts'
import { kmsService } from './kms/service.ts'
import { lambdaService } from './lambda-api.ts'
import { placeOf } from './place.ts'
import { provision } from './provision.ts'
import { proxyTo } from './proxy.ts'
import { RoleKeys } from './role-keys.ts'
import { BucketStore } from './s3/bucket-store.ts'
import { s3Service } from './s3/service.ts'
import { confirmationPath, Confirmations } from './sns/confirmations.ts'
import { publish, snsService } from './sns/service.ts'
import { inboxesOf, provisionTopics } from './sns/subscriptions.ts'
import { expectOk, startMessaging } from './sns/upstream.ts'
import { ssmService } from './ssm/service.ts'
import { statesService, type StatesHandler } from './states-service.ts'
import { stsService } from './sts.ts'

export interface ServicesOptions {
  readonly stateDirectory: string
  /** 0 for any that is free. */
  readonly port: number
  readonly assembly: Assembly
  readonly guard: Guard
  readonly statesHandler: StatesHandler
  /** Called only when a request or an event asks for it, so the pool may be made after this has started. */
  readonly invoke: FunctionPool['invoke']
  /** A process that holds data has ended. Nothing can go on without it; without this, it is thrown. */
  readonly onFailure?: (error: Error) => void
  /** Called after requests of functions and state machines were answered, with their number since the start. */
  readonly onServed?: (served: number) => void
  /** Addresses whose e-mail subscriptions wait until the link in a mail is opened. */
  readonly unconfirmed?: readonly string[]
  /** With them, calls of functions and state machines to S3 and DynamoDB fail. */
  readonly faults?: FaultOptions
  /** An iCalendar file that stands for every Change Calendar. */
  readonly calendarFile?: string
}

export interface Services {
  readonly endpoint: string
  /** The tables' own port: what functions get, one hop fewer than through `endpoint`. */
  readonly dynamodbEndpoint: string
  readonly credentials: (roleArn: string) => Credentials
  /** How many requests of functions and state machines were answered since the start. */
  readonly requests: () => number
  /** How many calls could have failed, and how many did; absent without faults. */
  readonly faults: () => FaultCounts | undefined
  /** Gives an event to the rules of the assembly. */
  readonly emit: (event: BusEvent) => Promise<void>
  readonly mails: () => readonly Mail[]
  readonly onMail: (callback: (mail: Mail) => void) => () => void
  readonly close: () => Promise<void>
}

/** Starts all that one machine offers in place of AWS, and makes what the assembly asks for. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { stateDirectory, assembly, guard, invoke, onFailure = thrown } = options
  const place = placeOf(assembly)
  const keys = new RoleKeys(stateDirectory, assembly.roles)
  const callers = new Callers(keys, guard)
  let requests = 0
  const onServed = (count: number) => {
    requests += count
    options.onServed?.(requests)
  }
  // What has been started is ended again when something after it fails: else the process would never go.
  await using opened = new AsyncDisposableStack()
  const closable = <T extends { close(): Promise<void> }>(started: T): T => {
    opened.defer(() => started.close())
    return started
  }
  const starting = [
    startTables({ stateDirectory, ...place, decide: decideTableCall(callers), onFailure, onServed }).then(
      closable,
    ),
    startMessaging(stateDirectory, place, onFailure).then(closable),
  ] as const
  await Promise.allSettled(starting)
  const [tables, messaging] = await Promise.all(starting)
  const faults = closable(new StoreFaults(options.faults))
  const tablesPort = await faults.before('dynamodb', tables.port, 0)
  const buckets = new BucketStore(stateDirectory)
  opened.defer(() => buckets.close())
  const inboxes = inboxesOf(assembly.topics, messaging)
  const confirmations = new Confirmations(inboxes, options.unconfirmed ?? [])
  const isPending = confirmations.isPending.bind(confirmations)
  await provision(assembly, { tablesEndpoint: tables.endpoint, buckets, messaging, inboxes, isPending })
  const mailbox = new Mailbox(stateDirectory, messaging, inboxes, options.port)
  const onPublished = () => void mailbox.drain().catch((error: unknown) => onFailure(error as Error))
  opened.defer(() => mailbox.drain().catch((error: unknown) => console.error(error)))
  onPublished()

  const bus = new EventBus(assembly.rules, {
    ...place,
    guard,
    invoke,
    retriesOf: (arn) =>
      assembly.functions.find((one) => one.arn === arn)?.asyncInvoke?.maximumRetryAttempts ?? 2,
    publish: async (TopicArn, Message) => {
      expectOk(await publish(messaging, { TopicArn, Message }))
      onPublished()
    },
  })
  const services = new Map<string, ServiceHandler>([
    ['s3', s3Service(buckets)],
    ['sns', snsService({ messaging, topics: assembly.topics, inboxes, isPending, onPublished })],
    ['kms', kmsService(assembly.keys, new KeyStore(stateDirectory))],
    ['ssm', ssmService({ calendars: assembly.calendars, calendarFile: options.calendarFile, now: Date.now })],
    ['states', statesService(options.statesHandler)],
    ['lambda', lambdaService(assembly.functions, invoke)],
    ['sts', stsService(place)],
  ])
  const apis = new Map(
    assembly.httpApis.map((api) => [api.id, httpApiService(api, { ...place, guard, invoke })]),
  )
  const front = createFront({
    callers,
    onServed: () => onServed(1),
    services,
    passedOn: new Map([['dynamodb', proxyTo(tablesPort)]]),
    pages: async (request, response) => {
      const { pathname } = targetOf(request)
      const api = apis.get(/^\/api\/([^/]+)/.exec(pathname)?.[1] ?? '')
      if (api) await api(request, response)
      else if (pathname === confirmationPath) {
        const subscribe = () => provisionTopics(messaging, assembly.topics, inboxes, isPending)
        await confirmations.serve(request, response, subscribe)
      } else if (/^\/mailbox(?:\/|$)/.test(pathname)) serveMailbox(mailbox, pathname, request, response)
      else return false
      return true
    },
  })
  const ownPort = await listen(front, options.faults === undefined ? options.port : 0)
  opened.defer(async () => {
    front.closeAllConnections()
    await new Promise((resolve) => front.close(resolve))
  })
  const port = await faults.before('s3', ownPort, options.port)
  const endpoint = `http://127.0.0.1:${port}`
  for (const mail of confirmations.mails(endpoint)) mailbox.deliver(mail)
  const running = opened.move()
  return {
    endpoint,
    dynamodbEndpoint: `http://127.0.0.1:${tablesPort}`,
    credentials: (roleArn) => keys.credentials(roleArn),
    requests: () => requests,
    faults: () => faults.counts(),
    emit: (event) => bus.emit(event),
    mails: () => mailbox.mails(),
    onMail: (callback) => mailbox.onMail(callback),
    close: () => running.disposeAsync(),
  }
}

function thrown(error: Error): void {
  throw error
}

function decideTableCall(callers: Callers) {
  return (
    accessKeyId: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ): string | undefined => {
    const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` }
    const call = {
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers,
      body: JSON.stringify(input),
    }
    try {
      callers.permit(callers.of(accessKeyId), { service: 'dynamodb', ...call })
      return undefined
    } catch (error) {
      // Also an operation whose permission is not known: nobody gets past the guard by an error of it.
      if (error instanceof Error) return error.message
      throw error
    }
  }
}
