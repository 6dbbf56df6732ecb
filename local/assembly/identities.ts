import { arnOf, keyIdOf, nameOf, shortIdentifier, subscriptionId } from './arns.ts'
import type { Identity } from './deployment.ts'
import { aliasArn, publishedFunction } from './functions.ts'
import { publishedStateMachine, revisionId } from './state-machines.ts'

const logGroupArn: Identity['ref'] = (resource, deployment) => `${arnOf(resource, deployment)}:*`
const subscriptionArn: Identity['ref'] = (resource, deployment) =>
  `${deployment.textProperty(resource, 'TopicArn') ?? ''}:${subscriptionId(resource)}`
const table: Identity = { ref: nameOf, attributes: { Arn: arnOf } }
const alarm: Identity = { ref: nameOf, attributes: { Arn: arnOf } }

/** What `Ref` and `Fn::GetAtt` answer, per resource type; what is not here is refused by name. */
export const identities: Readonly<Record<string, Identity>> = {
  'AWS::S3::Bucket': { ref: nameOf, attributes: { Arn: arnOf } },
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::KMS::Key': { ref: keyIdOf, attributes: { Arn: arnOf, KeyId: keyIdOf } },
  'AWS::KMS::Alias': {
    ref: (resource, deployment) => deployment.textProperty(resource, 'AliasName') ?? '',
    attributes: {},
  },
  'AWS::Lambda::Function': { ref: nameOf, attributes: { Arn: arnOf } },
  'AWS::Lambda::Version': {
    ref: (resource, deployment) => publishedFunction(resource, deployment).arn,
    attributes: {
      Version: (resource, deployment) => String(publishedFunction(resource, deployment).number),
      FunctionArn: (resource, deployment) => publishedFunction(resource, deployment).arn,
    },
  },
  'AWS::Lambda::Alias': { ref: aliasArn, attributes: { AliasArn: aliasArn } },
  'AWS::IAM::Role': { ref: nameOf, attributes: { Arn: arnOf } },
  'AWS::IAM::ManagedPolicy': { ref: arnOf, attributes: { PolicyArn: arnOf } },
  'AWS::StepFunctions::StateMachine': {
    ref: arnOf,
    attributes: { Arn: arnOf, Name: nameOf, StateMachineRevisionId: revisionId },
  },
  'AWS::StepFunctions::StateMachineVersion': {
    ref: (resource, deployment) => publishedStateMachine(resource, deployment).arn,
    attributes: { Arn: (resource, deployment) => publishedStateMachine(resource, deployment).arn },
  },
  'AWS::SNS::Topic': { ref: arnOf, attributes: { TopicArn: arnOf, TopicName: nameOf } },
  'AWS::SNS::Subscription': { ref: subscriptionArn, attributes: { Arn: subscriptionArn } },
  'AWS::ApiGatewayV2::Api': {
    ref: shortIdentifier,
    attributes: {
      ApiId: shortIdentifier,
      ApiEndpoint: (resource, deployment) => deployment.settings.httpApiEndpoint(shortIdentifier(resource)),
    },
  },
  'AWS::ApiGatewayV2::Integration': { ref: shortIdentifier, attributes: { IntegrationId: shortIdentifier } },
  'AWS::ApiGatewayV2::Route': { ref: shortIdentifier, attributes: { RouteId: shortIdentifier } },
  'AWS::ApiGatewayV2::Stage': {
    ref: (resource, deployment) => deployment.textProperty(resource, 'StageName') ?? '',
    attributes: {},
  },
  'AWS::Events::Rule': { ref: nameOf, attributes: { Arn: arnOf } },
  'AWS::Logs::LogGroup': { ref: nameOf, attributes: { Arn: logGroupArn } },
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::CompositeAlarm': alarm,
}
