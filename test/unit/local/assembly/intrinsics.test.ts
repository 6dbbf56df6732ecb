import type { App } from 'aws-cdk-lib'
import {
  Aws,
  CfnCondition,
  CfnMapping,
  CfnOutput,
  CfnParameter,
  CrossStackReferences,
  Fn,
  ReferenceStrength,
  Stack,
  Token,
  aws_s3,
} from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { load, loadStack, raw, synthesise } from './synthesised.ts'

/** What an expression comes to, written as the output of a stack. */
async function valueOf(build: (stack: Stack) => string): Promise<string | undefined> {
  const { outputs } = await loadStack((stack) => {
    new CfnOutput(stack, 'Value', { value: build(stack) })
  })
  return outputs['Test.Value']
}

describe('intrinsic functions', () => {
  it.each<[string, (stack: Stack) => string, string]>([
    ['Fn::Join', () => Fn.join('-', ['a', Aws.REGION, 'b']), 'a-us-east-1-b'],
    [
      'Fn::Sub with pseudo parameters',
      () => Fn.sub('${AWS::AccountId}/${AWS::Partition}'),
      '000000000000/aws',
    ],
    ['Fn::Sub with variables', () => Fn.sub('${A}.${B}', { A: 'x', B: Aws.URL_SUFFIX }), 'x.amazonaws.com'],
    ['Fn::Sub with a literal', () => Fn.sub('${!Literal} ${AWS::Region}'), '${Literal} us-east-1'],
    ['Fn::Select', () => Fn.select(1, ['a', Aws.STACK_NAME]), 'Test'],
    ['Fn::Select of Fn::Split', () => Fn.select(2, Fn.split('/', Fn.sub('a/b/${AWS::Region}'))), 'us-east-1'],
    ['Fn::Base64', () => Fn.base64(Aws.REGION), Buffer.from('us-east-1').toString('base64')],
    [
      'AWS::StackId',
      () => Aws.STACK_ID,
      'arn:aws:cloudformation:us-east-1:000000000000:stack/Test/532eaabd-9574-880d-bf76-b9b8cc00832c',
    ],
    ['Ref', (stack) => new aws_s3.Bucket(stack, 'B', { bucketName: 'named' }).bucketName, 'named'],
    [
      'Fn::GetAtt',
      (stack) => new aws_s3.Bucket(stack, 'B', { bucketName: 'named' }).bucketArn,
      'arn:aws:s3:::named',
    ],
    [
      'Fn::Sub of a resource',
      (stack) => {
        raw(stack, 'B', 'AWS::S3::Bucket', { BucketName: 'named' })
        return Fn.sub('${B} is ${B.Arn}')
      },
      'named is arn:aws:s3:::named',
    ],
    ['a parameter', (stack) => new CfnParameter(stack, 'P', { default: 'given' }).valueAsString, 'given'],
    [
      'a list parameter',
      (stack) => {
        const parameter = new CfnParameter(stack, 'P', { type: 'CommaDelimitedList', default: 'a, b' })
        return Fn.join('+', parameter.valueAsList)
      },
      'a+b',
    ],
    [
      'Fn::FindInMap',
      (stack) => {
        const mapping = new CfnMapping(stack, 'M', { mapping: { 'us-east-1': { zone: 'here' } } })
        return mapping.findInMap(Aws.REGION, 'zone')
      },
      'here',
    ],
  ])('%s', async (_name, build, expected) => {
    expect(await valueOf(build)).toBe(expected)
  })

  it.each([
    ['Fn::Equals', Fn.conditionEquals(Aws.REGION, 'us-east-1'), 'yes'],
    ['Fn::Equals, no', Fn.conditionEquals(Aws.REGION, 'eu-west-1'), 'no'],
    ['Fn::Not', Fn.conditionNot(Fn.conditionEquals('a', 'a')), 'no'],
    ['Fn::And', Fn.conditionAnd(Fn.conditionEquals('a', 'a'), Fn.conditionEquals('a', 'b')), 'no'],
    ['Fn::Or', Fn.conditionOr(Fn.conditionEquals('a', 'a'), Fn.conditionEquals('a', 'b')), 'yes'],
  ])('Fn::If on %s', async (_name, expression, expected) => {
    const value = await valueOf((stack) => {
      const inner = new CfnCondition(stack, 'Inner', { expression })
      const outer = new CfnCondition(stack, 'Outer', { expression: Fn.conditionOr(inner, inner) })
      return Token.asString(Fn.conditionIf(outer.logicalId, 'yes', 'no'))
    })
    expect(value).toBe(expected)
  })

  it('leaves out what is AWS::NoValue, and resources and outputs whose condition does not hold', async () => {
    const { buckets, outputs } = await loadStack((stack) => {
      const never = new CfnCondition(stack, 'Never', { expression: Fn.conditionEquals('a', 'b') })
      raw(stack, 'Kept', 'AWS::S3::Bucket', { BucketName: Fn.conditionIf('Never', 'a', Aws.NO_VALUE) })
      raw(stack, 'Left', 'AWS::S3::Bucket', {}).cfnOptions.condition = never
      new CfnOutput(stack, 'Gone', { value: 'x', condition: never })
    })
    expect(buckets.map(({ name }) => name)).toEqual(['test-kept'])
    expect(outputs).toEqual({})
  })

  it.each([ReferenceStrength.STRONG, ReferenceStrength.WEAK])(
    'follows %s references between stacks',
    async (strength) => {
      const directory = synthesise((app: App) => {
        const bucket = new aws_s3.Bucket(new Stack(app, 'Producer'), 'B', { bucketName: 'shared' })
        CrossStackReferences.of(bucket).produce(strength)
        new CfnOutput(new Stack(app, 'Consumer'), 'Arn', { value: bucket.bucketArn })
      })
      const { outputs } = await load(directory)
      expect(outputs['Consumer.Arn']).toBe('arn:aws:s3:::shared')
    },
  )

  it.each<[string, (stack: Stack) => string, RegExp]>([
    ['Fn::Cidr', () => Fn.select(0, Fn.cidr('10.0.0.0/16', 2)), /Fn::Cidr is not supported/],
    ['Fn::GetAZs', () => Fn.select(0, Fn.getAzs()), /Fn::GetAZs is not supported/],
    ['an import of nothing', () => Fn.importValue('nobody'), /no stack here exports nobody/],
    [
      'an unknown attribute',
      (stack) => Token.asString(raw(stack, 'B', 'AWS::S3::Bucket', {}).getAtt('DualStackDomainName')),
      /Fn::GetAtt DualStackDomainName of AWS::S3::Bucket is not supported/,
    ],
    [
      'an unknown pseudo parameter',
      () => Fn.ref('AWS::NotificationARNs'),
      /AWS::NotificationARNs is not supported/,
    ],
    [
      'a parameter without default',
      (stack) => new CfnParameter(stack, 'P').valueAsString,
      /P has no default/,
    ],
    [
      'a parameter from SSM',
      (stack) =>
        new CfnParameter(stack, 'P', { type: 'AWS::SSM::Parameter::Value<String>', default: '/a' })
          .valueAsString,
      /unsupported type/,
    ],
    ['a missing item', () => Fn.select(7, Fn.split('/', Fn.sub('a/${AWS::Region}'))), /no item 7/],
  ])('refuses %s by name', async (_name, build, message) => {
    await expect(valueOf(build)).rejects.toThrow(message)
  })
})
