import type { Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { loadStack, raw } from './synthesised.ts'

const policy = (statement: Record<string, unknown>) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Principal: '*', ...statement }],
})
const bucketPolicy = (statement: Record<string, unknown>) => (stack: Stack) => {
  raw(stack, 'B', 'AWS::S3::Bucket', { BucketName: 'b' })
  raw(stack, 'X', 'AWS::S3::BucketPolicy', { Bucket: 'b', PolicyDocument: policy(statement) })
}

describe('policies', () => {
  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'a condition operator',
      bucketPolicy({ Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } }),
      /PolicyDocument\.Statement\[0\]\.Condition: .*NumericLessThan/,
    ],
    [
      'a condition key',
      bucketPolicy({ Condition: { StringEquals: { 'aws:SourceVpc': 'v' } } }),
      /aws:SourceVpc/,
    ],
    ['a policy variable', bucketPolicy({ Resource: 'arn:aws:s3:::b/${aws:userid}/*' }), /policy variables/],
    ['NotResource', bucketPolicy({ NotResource: '*' }), /Statement\[0\]\.NotResource/],
    ['NotPrincipal', bucketPolicy({ NotPrincipal: '*' }), /Statement\[0\]\.NotPrincipal/],
    ['a federated principal', bucketPolicy({ Principal: { Federated: 'a' } }), /Principal\.Federated/],
  ])('are refused with %s', async (_name, build, message) => {
    await expect(loadStack(build)).rejects.toThrow(message)
  })
})
