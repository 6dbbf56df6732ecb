import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, Table, TableEncryption, type Attribute } from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { KeyAttribute } from '../migration-description.ts'
import { tableArn, type TablePlace } from '../names.ts'

interface KeptTableProps {
  readonly tableName: string
  readonly encryptionKey: IKey
  /** Partition key, and sort key where there is one. */
  readonly key: readonly [KeyAttribute, KeyAttribute?]
}

/** An on-demand table that is retained, protected from deletion, backed up by the second, and encrypted with the key. */
export class KeptTable extends Construct {
  readonly place: TablePlace

  constructor(scope: Construct, id: string, props: KeptTableProps) {
    super(scope, id)
    const [partition, sort] = props.key
    new Table(this, 'Table', {
      tableName: props.tableName,
      partitionKey: attribute(partition),
      ...(sort === undefined ? {} : { sortKey: attribute(sort) }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.place = {
      name: props.tableName,
      arn: tableArn(this, props.tableName),
      keyArn: props.encryptionKey.keyArn,
    }
  }
}

const types = { S: AttributeType.STRING, N: AttributeType.NUMBER, B: AttributeType.BINARY }

const attribute = ({ name, type }: KeyAttribute): Attribute => ({ name, type: types[type] })
