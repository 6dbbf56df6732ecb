import type { Deployment, Resource } from './deployment.ts'
import { physicalName, shortIdOf, uuidOf } from './names.ts'

/** Explicit names where the template gives them, else derived ones within the limits of the service. */
const nameRules: Readonly<Record<string, { property: string; longest: number; lowerCase?: boolean }>> = {
  'AWS::S3::Bucket': { property: 'BucketName', longest: 63, lowerCase: true },
  'AWS::DynamoDB::Table': { property: 'TableName', longest: 255 },
  'AWS::DynamoDB::GlobalTable': { property: 'TableName', longest: 255 },
  'AWS::Lambda::Function': { property: 'FunctionName', longest: 64 },
  'AWS::IAM::Role': { property: 'RoleName', longest: 64 },
  'AWS::IAM::ManagedPolicy': { property: 'ManagedPolicyName', longest: 128 },
  'AWS::StepFunctions::StateMachine': { property: 'StateMachineName', longest: 80 },
  'AWS::SNS::Topic': { property: 'TopicName', longest: 256 },
  'AWS::Events::Rule': { property: 'Name', longest: 64 },
  'AWS::SSM::Document': { property: 'Name', longest: 128 },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', longest: 512 },
  'AWS::CloudWatch::Alarm': { property: 'AlarmName', longest: 255 },
  'AWS::CloudWatch::CompositeAlarm': { property: 'AlarmName', longest: 255 },
}

export function nameOf(resource: Resource, deployment: Deployment): string {
  const rules = nameRules[resource.type]
  if (rules === undefined) throw new TypeError(`${resource.type} has no name`)
  const given = deployment.textProperty(resource, rules.property)
  return given ?? physicalName(resource.stack.name, resource.logicalId, rules)
}

/** What stands in an ARN before the name; `R` and `A` are region and account, left out by global services. */
const arnForms: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'arn:aws:s3:::',
  'AWS::DynamoDB::Table': 'arn:aws:dynamodb:R:A:table/',
  'AWS::DynamoDB::GlobalTable': 'arn:aws:dynamodb:R:A:table/',
  'AWS::Lambda::Function': 'arn:aws:lambda:R:A:function:',
  'AWS::IAM::Role': 'arn:aws:iam::A:role/',
  'AWS::IAM::ManagedPolicy': 'arn:aws:iam::A:policy/',
  'AWS::StepFunctions::StateMachine': 'arn:aws:states:R:A:stateMachine:',
  'AWS::SNS::Topic': 'arn:aws:sns:R:A:',
  'AWS::Events::Rule': 'arn:aws:events:R:A:rule/',
  'AWS::SSM::Document': 'arn:aws:ssm:R:A:document/',
  'AWS::Logs::LogGroup': 'arn:aws:logs:R:A:log-group:',
  'AWS::CloudWatch::Alarm': 'arn:aws:cloudwatch:R:A:alarm:',
  'AWS::CloudWatch::CompositeAlarm': 'arn:aws:cloudwatch:R:A:alarm:',
  'AWS::KMS::Key': 'arn:aws:kms:R:A:key/',
}

export function arnOf(resource: Resource, deployment: Deployment): string {
  const form = arnForms[resource.type]
  if (form === undefined) throw new TypeError(`${resource.type} has no ARN`)
  const { account, region } = deployment.settings
  const name = resource.type === 'AWS::KMS::Key' ? keyIdOf(resource) : nameOf(resource, deployment)
  return form.replace(':R:', `:${region}:`).replace(':A:', `:${account}:`) + name
}

export const keyIdOf = (resource: Resource): string => uuidOf(seedOf(resource))
export const shortIdentifier = (resource: Resource): string => shortIdOf(seedOf(resource))
export const subscriptionId = (resource: Resource): string => uuidOf(seedOf(resource))

const seedOf = ({ stack, logicalId }: Resource): string => `${stack.name}/${logicalId}`
