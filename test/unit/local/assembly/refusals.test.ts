import type { Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { UnsupportedTemplate } from '../../../../local/assembly/unsupported-template.ts'
import { load, loadStack, raw, synthesiseStack } from './synthesised.ts'

const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
})
const table = {
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
}
const one = (type: string, properties: Record<string, unknown>) => (stack: Stack) => {
  raw(stack, 'X', type, properties)
}

describe('what is refused', () => {
  it('names stack, logical id, type and property path', async () => {
    const loading = loadStack(one('AWS::S3::Bucket', { ReplicationConfiguration: { Role: 'r' } }))
    await expect(loading).rejects.toThrow(UnsupportedTemplate)
    await expect(loading).rejects.toMatchObject({
      message:
        'Test/X (AWS::S3::Bucket) Properties.ReplicationConfiguration: is not supported on one machine',
      place: {
        stack: 'Test',
        logicalId: 'X',
        type: 'AWS::S3::Bucket',
        path: 'Properties.ReplicationConfiguration',
      },
    })
  })

  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'an unknown type',
      one('AWS::SQS::Queue', {}),
      /Test\/X \(AWS::SQS::Queue\): AWS::SQS::Queue is not supported/,
    ],
    ['a custom resource', one('Custom::Thing', { ServiceToken: 'a' }), /Custom::Thing is not supported/],
    ['a nested stack', one('AWS::CloudFormation::Stack', {}), /AWS::CloudFormation::Stack is not supported/],
    [
      'a property deep inside',
      one('AWS::DynamoDB::Table', {
        ...table,
        GlobalSecondaryIndexes: [
          { IndexName: 'byName', KeySchema: [], Projection: { ProjectionType: 'ALL' }, WarmThroughput: {} },
        ],
      }),
      /Properties\.GlobalSecondaryIndexes\[0\]\.WarmThroughput: is not supported/,
    ],
    [
      'streams',
      one('AWS::DynamoDB::Table', { ...table, StreamSpecification: {} }),
      /Properties\.StreamSpecification/,
    ],
    [
      'replicas elsewhere',
      one('AWS::DynamoDB::GlobalTable', { ...table, Replicas: [{ Region: 'eu-west-1' }] }),
      /Replicas\[0\]\.Region: is not us-east-1/,
    ],
    ['inline code', one('AWS::Lambda::Function', { Code: { ZipFile: 'x' } }), /Properties\.Code/],
    [
      'another runtime',
      one('AWS::Lambda::Function', {
        Code: { S3Bucket: 'b', S3Key: 'k' },
        Runtime: 'python3.14',
        Handler: 'h',
        Role: 'r',
      }),
      /Properties\.Runtime: .*nodejs24\.x/,
    ],
    [
      'code that is not there',
      one('AWS::Lambda::Function', {
        Code: { S3Bucket: 'b', S3Key: 'k' },
        Runtime: 'nodejs24.x',
        Handler: 'h',
        Role: 'r',
      }),
      /k is not a directory asset/,
    ],
    [
      'a schedule',
      one('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' }),
      /ScheduleExpression|EventPattern/,
    ],
    [
      'a queue for dead letters',
      one('AWS::Events::Rule', { EventPattern: {}, Targets: [{ Arn: 'a', Id: 'i', DeadLetterConfig: {} }] }),
      /Targets\[0\]\.DeadLetterConfig/,
    ],
    [
      'a WebSocket API',
      one('AWS::ApiGatewayV2::Api', { Name: 'a', ProtocolType: 'WEBSOCKET' }),
      /Properties\.ProtocolType/,
    ],
    [
      'an API without stage',
      one('AWS::ApiGatewayV2::Api', { Name: 'a', ProtocolType: 'HTTP' }),
      /has no stage/,
    ],
    [
      'a filter over the message',
      one('AWS::SNS::Subscription', {
        TopicArn: 't',
        Protocol: 'email',
        Endpoint: 'e',
        FilterPolicyScope: 'MessageBody',
      }),
      /FilterPolicyScope/,
    ],
    [
      'a subscription to a strange topic',
      one('AWS::SNS::Subscription', { TopicArn: 't', Protocol: 'email', Endpoint: 'e' }),
      /t is not a topic here/,
    ],
    [
      'a managed policy not on the list',
      one('AWS::IAM::Role', {
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      }),
      /ManagedPolicyArns\[0\]: .*AdministratorAccess/,
    ],
    [
      'a permissions boundary',
      one('AWS::IAM::Role', {
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
        PermissionsBoundary: 'a',
      }),
      /PermissionsBoundary/,
    ],
    [
      'a definition without its substitution',
      one('AWS::StepFunctions::StateMachine', { RoleArn: 'r', DefinitionString: '{"a":"${Load}"}' }),
      /DefinitionSubstitutions\.Load: is missing/,
    ],
    [
      'a definition that is not JSON',
      one('AWS::StepFunctions::StateMachine', { RoleArn: 'r', DefinitionString: '{' }),
      /is not JSON/,
    ],
    [
      'an express workflow',
      one('AWS::StepFunctions::StateMachine', {
        RoleArn: 'r',
        DefinitionString: '{}',
        StateMachineType: 'EXPRESS',
      }),
      /StateMachineType/,
    ],
    [
      'a definition twice',
      one('AWS::StepFunctions::StateMachine', { RoleArn: 'r', DefinitionString: '{}', Definition: {} }),
      /needs one of/,
    ],
    [
      'a role that is not there',
      one('AWS::StepFunctions::StateMachine', { RoleArn: 'r', DefinitionString: '{}' }),
      /the role r is not here/,
    ],
    [
      'a key that is not there',
      one('AWS::SNS::Topic', { KmsMasterKeyId: 'alias/other' }),
      /KmsMasterKeyId: alias\/other is not a key here/,
    ],
    [
      'an update policy',
      (stack) => {
        raw(stack, 'X', 'AWS::S3::Bucket', {}).cfnOptions.updatePolicy = { useOnlineResharding: true }
      },
      /UpdatePolicy/,
    ],
    [
      'a transform',
      (stack) => {
        stack.addTransform('AWS::LanguageExtensions')
      },
      /Transform/,
    ],
    [
      'a cycle',
      (stack) => {
        raw(stack, 'X', 'AWS::Lambda::Version', { FunctionName: { Ref: 'X' } })
      },
      /Test\/X \(AWS::Lambda::Version\) Properties: depends on itself/,
    ],
  ])('%s', async (_name, build, message) => {
    await expect(loadStack(build)).rejects.toThrow(message)
  })

  it('a stack for another region', async () => {
    const directory = synthesiseStack(() => undefined, {
      env: { account: '000000000000', region: 'eu-west-1' },
    })
    await expect(load(directory)).rejects.toThrow(/for aws:\/\/000000000000\/eu-west-1, not for/)
  })
})
