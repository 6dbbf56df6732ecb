import type { PolicyStatement } from './model.ts'

const allow = (...actions: string[]): readonly PolicyStatement[] => [
  { effect: 'Allow', actions, resources: ['*'], conditions: {} },
]

/** The policies of AWS that roles may name, from the AWS Managed Policy Reference. */
export const managedPolicies: ReadonlyMap<string, readonly PolicyStatement[]> = new Map([
  [
    'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  ],
  [
    'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess',
    allow(
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ),
  ],
])
