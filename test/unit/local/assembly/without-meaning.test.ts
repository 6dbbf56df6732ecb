import { Aspects, CfnResource, Duration, aws_cloudwatch, aws_logs, aws_s3 } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { withoutMeaning } from '../../../../local/assembly/without-meaning.ts'
import { loadStack } from './synthesised.ts'

describe('what has no meaning', () => {
  it('is passed over, whole types and single properties', async () => {
    const { buckets } = await loadStack((stack) => {
      Aspects.of(stack).add({ visit: (node) => node instanceof CfnResource && node.addMetadata('note', 'x') })
      new aws_logs.LogGroup(stack, 'L')
      const metric = new aws_cloudwatch.Metric({ namespace: 'n', metricName: 'm' })
      metric.createAlarm(stack, 'A', { threshold: 1, evaluationPeriods: 1 })
      new aws_cloudwatch.Dashboard(stack, 'D')
      new aws_s3.Bucket(stack, 'B', { lifecycleRules: [{ expiration: Duration.days(30) }] })
    })
    expect(buckets).toHaveLength(1)
  })
  it.each([
    ['AWS::S3::Bucket', 'Properties.Tags', true],
    [
      'AWS::S3::Bucket',
      'Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].BucketKeyEnabled',
      true,
    ],
    ['AWS::S3::Bucket', 'Properties.BucketEncryption', false],
    ['AWS::S3::Bucket', 'Properties.BucketName', false],
    ['AWS::SQS::Queue', '', false],
  ])('%s %s: %s', (type, path, isKnown) => {
    expect(withoutMeaning(type, path) !== undefined).toBe(isKnown)
  })
})
