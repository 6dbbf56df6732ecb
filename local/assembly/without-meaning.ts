/**
 * What a template may ask for that means nothing on one machine, each with the reason. This is the only list of
 * its kind: what is neither here nor read by the loader is refused. A text stands for the whole type; `*` for
 * every type; `[]` for each item of a list.
 */
const atRest = 'encryption at rest protects disks of AWS; local data are test data in a directory of the user'
const labels = 'a label for people and bills'
const kept = 'protects data over years; locally all of it is in the state directory, which the user deletes'
const network = 'the local services listen on loopback only'
const monitoring = 'read by CloudWatch; there is no monitoring service here'
const xray = 'X-Ray only watches; no result depends on it'
const logs = 'function and execution logs are local files'
const tuning = 'an optimisation of the managed service, without effect on results'

const table: Readonly<Record<string, string | Readonly<Record<string, string>>>> = {
  '*': { Tags: labels, Description: labels },
  'AWS::CDK::Metadata': 'usage statistics of the CDK',
  'AWS::Logs::LogGroup': logs,
  'AWS::Logs::ResourcePolicy': logs,
  'AWS::CloudWatch::Alarm': monitoring,
  'AWS::CloudWatch::CompositeAlarm': monitoring,
  'AWS::CloudWatch::Dashboard': monitoring,
  'AWS::S3::Bucket': {
    'BucketEncryption.ServerSideEncryptionConfiguration[].BucketKeyEnabled': tuning,
    LifecycleConfiguration:
      'expiry takes days; readers must cope with its absence anyway, because S3 expires late',
    LoggingConfiguration: 'server access logs are evidence about people outside; here there is one user',
    MetricsConfigurations: monitoring,
    OwnershipControls: 'there is one account',
    PublicAccessBlockConfiguration: network,
  },
  'AWS::DynamoDB::Table': {
    ContributorInsightsSpecification: monitoring,
    DeletionProtectionEnabled: kept,
    PointInTimeRecoverySpecification: kept,
    'SSESpecification.SSEEnabled': atRest,
    'SSESpecification.SSEType': atRest,
    TableClass: 'a price class',
    TimeToLiveSpecification: 'AWS deletes within days, so readers must not rely on it; locally items stay',
  },
  'AWS::DynamoDB::GlobalTable': {
    'Replicas[].ContributorInsightsSpecification': monitoring,
    'Replicas[].DeletionProtectionEnabled': kept,
    'Replicas[].GlobalSecondaryIndexes[].ContributorInsightsSpecification': monitoring,
    'Replicas[].PointInTimeRecoverySpecification': kept,
    'Replicas[].TableClass': 'a price class',
    'Replicas[].Tags': labels,
    'SSESpecification.SSEEnabled': atRest,
    'SSESpecification.SSEType': atRest,
    TimeToLiveSpecification: 'AWS deletes within days, so readers must not rely on it; locally items stay',
  },
  'AWS::KMS::Key': {
    EnableKeyRotation: 'rotation keeps key id and ciphertexts valid; nothing lives long enough here',
    RotationPeriodInDays: 'rotation keeps key id and ciphertexts valid; nothing lives long enough here',
    PendingWindowInDays: kept,
  },
  'AWS::Lambda::Function': {
    Architectures: 'bundles are JavaScript and run on the processor of this machine',
    EphemeralStorage: 'functions share the disk of this machine; the system keeps nothing in /tmp',
    KmsKeyArn: atRest,
    LoggingConfig: logs,
    RecursiveLoop: 'guards the bill against loops through queues and topics; both are absent here',
    TracingConfig: xray,
  },
  'AWS::IAM::Role': { MaxSessionDuration: 'credentials of a local run end with the run' },
  'AWS::StepFunctions::StateMachine': {
    EncryptionConfiguration: atRest,
    LoggingConfiguration: logs,
    TracingConfiguration: xray,
  },
  'AWS::SNS::Topic': {
    DeliveryStatusLogging: logs,
    SignatureVersion: 'signs HTTP deliveries; locally messages go to the mailbox only',
    TracingConfig: xray,
  },
  'AWS::ApiGatewayV2::Stage': {
    AccessLogSettings: logs,
    'DefaultRouteSettings.DetailedMetricsEnabled': monitoring,
  },
  'AWS::ApiGatewayV2::Integration': {
    IntegrationMethod: 'a Lambda proxy integration is always invoked by POST',
  },
  'AWS::Events::Rule': {
    'Targets[].Id': labels,
    'Targets[].RetryPolicy': 'is for outages of the target service; the local one is in the same process',
  },
}

/** The reason why something has no meaning, or undefined if it has one. `path` starts with `Properties`. */
export function withoutMeaning(type: string, path = ''): string | undefined {
  const entry = table[type]
  if (typeof entry === 'string') return entry
  const name = path.replaceAll(/\[\d+\]/g, '[]').replace(/^Properties\.?/, '')
  const everywhere = table['*']
  return entry?.[name] ?? (typeof everywhere === 'object' ? everywhere[name] : undefined)
}
