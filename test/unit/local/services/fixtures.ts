import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Assembly, FunctionModel, RoleModel, TableModel } from '../../../../local/assembly/model.ts'
import type { Guard } from '../../../../local/permissions/guard.ts'
import { startServices, type Services, type ServicesOptions } from '../../../../local/services/services.ts'

export const region = 'eu-central-1'
export const account = '111122223333'
export const scratch = () => mkdtempSync(join(tmpdir(), 'lockgate-'))

export const role: RoleModel = {
  name: 'load',
  arn: `arn:aws:iam::${account}:role/load`,
  statements: [],
  trust: [],
}

export const places: TableModel = {
  name: 'places',
  arn: `arn:aws:dynamodb:${region}:${account}:table/places`,
  create: {
    TableName: 'places',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  },
}

export const functionNamed = (name: string, reservedConcurrency?: number): FunctionModel => ({
  name,
  arn: `arn:aws:lambda:${region}:${account}:function:${name}`,
  codeDirectory: '',
  handler: 'index.handler',
  environment: {},
  timeoutSeconds: 3,
  memoryMiB: 128,
  roleArn: role.arn,
  ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
  versions: [],
  aliases: [],
  policy: [],
})

const topicArn = `arn:aws:sns:${region}:${account}:gates`
const bucket = { arn: 'arn:aws:s3:::staging', policy: [], versioned: false, objectLock: false }

export const assembly: Assembly = {
  functions: [],
  stateMachines: [],
  calendars: [],
  roles: [role],
  tables: [places],
  buckets: [
    { ...bucket, name: 'staging' },
    { ...bucket, name: 'decisions', objectLock: true },
    { ...bucket, name: 'evidence', objectLock: true, retention: { mode: 'GOVERNANCE', days: 30 } },
  ],
  topics: [
    {
      name: 'gates',
      arn: topicArn,
      policy: [],
      subscriptions: ['ana', 'bob'].map((name) => ({
        arn: `${topicArn}:${name}`,
        protocol: 'email',
        endpoint: `${name}@example.com`,
        filterPolicy: { to: [name] },
      })),
    },
  ],
  httpApis: [],
  rules: [],
  keys: ['HMAC_256', 'ECC_NIST_P256', 'RSA_2048'].map((spec) => ({
    id: `key-${spec}`,
    arn: `arn:aws:kms:${region}:${account}:key/key-${spec}`,
    spec,
    usage: spec === 'HMAC_256' ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY',
    aliases: [`alias/${spec}`],
    policy: [],
  })),
  outputs: {},
}

/** Lets everybody do everything. */
export const openGuard: Guard = { refusalOf: () => undefined, refusalOfAction: () => undefined }

/** Lets no role do anything. */
export const closedGuard: Guard = {
  refusalOf: (principal, { service }) => ({
    action: `${service}:Any`,
    resourceArn: '*',
    message: `${principal} may not`,
  }),
  refusalOfAction: (principal, { action }) => ({ action, resourceArn: '*', message: `${principal} may not` }),
}

export function start(overrides: Partial<ServicesOptions> = {}): Promise<Services> {
  return startServices({
    stateDirectory: scratch(),
    port: 0,
    assembly,
    guard: openGuard,
    statesHandler: async (target, body) => ({ status: 200, body: JSON.stringify({ target, body }) }),
    invoke: () => Promise.reject(new Error('There is no function here')),
    ...overrides,
  })
}

/** Settings of an SDK client: of the operator, or of a role. */
export function clientOf(services: Services, roleArn?: string) {
  const operator = { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'secret' }
  return {
    region,
    endpoint: services.endpoint,
    credentials: roleArn ? services.credentials(roleArn) : operator,
    maxAttempts: 1,
  }
}
