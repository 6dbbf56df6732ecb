import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Settings } from '../config.ts'
import { changeCalendars } from '../constructs/change-calendar.ts'
import { accessLogsBucket, KeptBucket, type KeptBucketProps } from '../constructs/kept-bucket.ts'
import { KeptTable } from '../constructs/kept-table.ts'
import {
  calendarsOf,
  hashesPii,
  keysByTarget,
  prefixesBySource,
  type MigrationDescription,
} from '../migration-description.ts'
import { bucketArn, bucketNameIn, nameIn, tableArn, type BucketPlace, type TablePlace } from '../names.ts'

interface StatefulStackProps extends StackProps {
  /** Root of the repository. */
  readonly root: string
  readonly settings: Settings
  readonly migrations: readonly MigrationDescription[]
}

/** What outlives every deployment: checkpoints, gates, the decision log, staged data, the archive, evidence, the keys, and places made for migrations. */
export class StatefulStack extends Stack {
  readonly key: Key
  readonly piiKey: Key | undefined
  /** Signs the entries of the decision log. */
  readonly logKey: Key
  readonly checkpoints: TablePlace
  readonly gates: TablePlace
  readonly log: TablePlace
  readonly staging: BucketPlace
  readonly archive: BucketPlace
  readonly evidence: BucketPlace
  readonly sources: ReadonlyMap<string, BucketPlace & { readonly prefixes: readonly string[] }>
  readonly targets: ReadonlyMap<string, TablePlace>
  /** ARNs of the calendars that migrations wait for. */
  readonly calendars: ReadonlyMap<string, string>

  readonly #settings: Settings
  readonly #accessLogs: IBucket

  constructor(scope: Construct, id: string, props: StatefulStackProps) {
    super(scope, id, { ...props, terminationProtection: true })
    const { settings, migrations } = props
    const { environment } = settings
    this.#settings = settings
    this.key = new Key(this, 'Key', {
      description: `Lockgate ${environment}: tables, buckets and topics`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.#letAlarmsPublish()
    this.piiKey = hashesPii(migrations) ? this.#hashKey() : undefined
    this.logKey = new Key(this, 'LogKey', {
      // By this name the audit finds it, whatever the stack it is in.
      alias: nameIn(environment, 'log'),
      description: `Lockgate ${environment}: signs the decision log`,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.#accessLogs = accessLogsBucket(this, 'AccessLogs', bucketNameIn(this, environment, 'access-logs'))
    this.checkpoints = this.#table('Checkpoints', 'checkpoints').place
    this.gates = this.#table('Gates', 'gates').place
    this.log = this.#table('Log', 'log').place
    this.staging = this.#bucket('Staging', 'staging', { expiryDays: settings.stagingExpiryDays }).place
    this.archive = this.#bucket('Archive', 'archive', { versioned: true }).place
    this.evidence = this.#bucket('Evidence', 'evidence', {
      versioned: true,
      retention: settings.retention,
    }).place
    this.sources = this.#sources(migrations)
    this.targets = this.#targets(migrations)
    this.calendars = changeCalendars(this, props.root, settings, calendarsOf(migrations))
    this.#outputs()
  }

  /** CloudWatch encrypts what it publishes to the topic of notices. */
  #letAlarmsPublish(): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    )
  }

  #hashKey(): Key {
    return new Key(this, `HashKey${this.#settings.piiKeyVersion}`, {
      description: `Lockgate ${this.#settings.environment}: fields with pii 'hash', version ${this.#settings.piiKeyVersion}`,
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }

  #table(id: string, thing: string): KeptTable {
    return new KeptTable(this, id, {
      tableName: nameIn(this.#settings.environment, thing),
      encryptionKey: this.key,
      key: [
        { name: 'pk', type: 'S' },
        { name: 'sk', type: 'S' },
      ],
    })
  }

  #bucket(
    id: string,
    thing: string,
    { versioned = false, ...more }: Partial<Pick<KeptBucketProps, 'versioned' | 'expiryDays' | 'retention'>>,
  ): KeptBucket {
    return new KeptBucket(this, id, {
      bucketName: bucketNameIn(this, this.#settings.environment, thing),
      key: this.key,
      accessLogs: this.#accessLogs,
      versioned,
      ...more,
    })
  }

  #sources(migrations: readonly MigrationDescription[]) {
    return new Map(
      [...prefixesBySource(migrations)].map(([at, prefixes]) => {
        const setting = this.#settings.sources[at]
        if (setting === undefined) throw new Error(`there is no source ${at}`)
        if ('create' in setting) {
          return [
            at,
            {
              ...this.#bucket(`Source-${at}`, `source-${at.toLowerCase()}`, { versioned: true }).place,
              prefixes,
            },
          ] as const
        }
        const { bucket, keyArn } = setting
        const place = {
          name: bucket,
          arn: bucketArn(this, bucket),
          ...(keyArn === undefined ? {} : { keyArn }),
        }
        return [at, { ...place, prefixes }] as const
      }),
    )
  }

  #targets(migrations: readonly MigrationDescription[]): ReadonlyMap<string, TablePlace> {
    return new Map(
      [...keysByTarget(migrations)].map(([at, key]) => {
        const setting = this.#settings.targets[at]
        if (setting === undefined) throw new Error(`there is no target ${at}`)
        if ('create' in setting) {
          const tableName = nameIn(this.#settings.environment, `target-${at}`)
          return [
            at,
            new KeptTable(this, `Target-${at}`, { tableName, encryptionKey: this.key, key }).place,
          ] as const
        }
        const { table, keyArn } = setting
        return [
          at,
          { name: table, arn: tableArn(this, table), ...(keyArn === undefined ? {} : { keyArn }) },
        ] as const
      }),
    )
  }

  #outputs(): void {
    const output = (id: string, description: string, value: string) =>
      new CfnOutput(this, id, { description, value })
    output('CheckpointTable', 'Table of locks, manifests, stages and checkpoints', this.checkpoints.name)
    output('GateTable', 'Table of gates', this.gates.name)
    output('StagingBucket', 'Bucket of staged data', this.staging.name)
    output('ArchiveBucket', 'Bucket of manifests, undo log, quarantine and artifacts', this.archive.name)
    output('EvidenceBucket', 'Bucket of evidence and of copies of the decision log', this.evidence.name)
    output('LogTable', 'Table of the decision log', this.log.name)
    for (const [at, { name }] of this.sources) output(`Source${at}`, `Bucket of source ${at}`, name)
    for (const [at, { name }] of this.targets) output(`Target${at}`, `Table of target ${at}`, name)
  }
}
