import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { acknowledge } from '../acknowledge.ts'
import { tableArn, type TablePlace } from '../names.ts'

interface GuessTableProps {
  readonly tableName: string
  readonly encryptionKey: IKey
}

/**
 * How many wrong capabilities each source has presented. It stands apart from the gates, so that the function that shows
 * a page can count and still change no gate; and what is in it about people goes away for good.
 */
export class GuessTable extends Construct {
  readonly place: TablePlace

  constructor(scope: Construct, id: string, { tableName, encryptionKey }: GuessTableProps) {
    super(scope, id)
    const table = new Table(this, 'Table', {
      tableName,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      timeToLiveAttribute: 'expires',
      removalPolicy: RemovalPolicy.DESTROY,
    })
    acknowledge(
      table,
      'DDB3',
      'counts that lose their meaning within half an hour, and keyed hashes of addresses: a backup would keep for weeks ' +
        'what is to be forgotten',
    )
    this.place = { name: tableName, arn: tableArn(this, tableName), keyArn: encryptionKey.keyArn }
  }
}
