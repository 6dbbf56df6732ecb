import { z } from 'zod'
import { arnOf, nameOf } from './arns.ts'
import type { Deployment, Resource } from './deployment.ts'
import { encryptionKeyArn } from './keys.ts'
import type { TableModel } from './model.ts'
import { readProperties, refuseProperty } from './properties.ts'

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
const throughput = z.strictObject({ ReadCapacityUnits: z.number(), WriteCapacityUnits: z.number() })
const index = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.strictObject({
    ProjectionType: z.string(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
  ProvisionedThroughput: throughput.optional(),
})
const common = {
  TableName: z.string().min(3).optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(index).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
}
const TableProperties = z.strictObject({
  ...common,
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).default('PROVISIONED'),
  ProvisionedThroughput: throughput.optional(),
  SSESpecification: z.strictObject({ KMSMasterKeyId: z.string().optional() }).optional(),
})
const GlobalTableProperties = z.strictObject({
  ...common,
  // Provisioned capacity of a global table scales by itself, which nothing here does.
  BillingMode: z.literal('PAY_PER_REQUEST'),
  Replicas: z
    .array(
      z.strictObject({
        Region: z.string(),
        GlobalSecondaryIndexes: z.array(z.strictObject({ IndexName: z.string() })).optional(),
        SSESpecification: z.strictObject({ KMSMasterKeyId: z.string() }).optional(),
      }),
    )
    .length(1, 'replicas in other regions are not supported'),
  SSESpecification: z.strictObject({}).optional(),
})

export const tableTypes = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']

export function readTables(deployment: Deployment): TableModel[] {
  const model = (
    resource: Resource,
    { TableName: _name, ...create }: Record<string, unknown>,
    keyArn: string | undefined,
  ): TableModel => {
    const name = nameOf(resource, deployment)
    const key = keyArn === undefined ? {} : { keyArn }
    return { name, arn: arnOf(resource, deployment), create: { TableName: name, ...create }, ...key }
  }
  const tables = deployment.ofType('AWS::DynamoDB::Table').map((resource) => {
    const { SSESpecification: sse, ...create } = readProperties(deployment, resource, TableProperties)
    const path = 'SSESpecification.KMSMasterKeyId'
    return model(resource, create, encryptionKeyArn(deployment, resource, path, sse?.KMSMasterKeyId))
  })
  const globalTables = deployment.ofType('AWS::DynamoDB::GlobalTable').map((resource) => {
    const given = readProperties(deployment, resource, GlobalTableProperties)
    const { Replicas: replicas, SSESpecification: _sse, ...create } = given
    const replica = replicas[0]
    if (replica?.Region !== deployment.settings.region) {
      return refuseProperty(resource, 'Replicas[0].Region', `is not ${deployment.settings.region}`)
    }
    const path = 'Replicas[0].SSESpecification.KMSMasterKeyId'
    const reference = replica.SSESpecification?.KMSMasterKeyId
    return model(resource, create, encryptionKeyArn(deployment, resource, path, reference))
  })
  return [...tables, ...globalTables]
}
