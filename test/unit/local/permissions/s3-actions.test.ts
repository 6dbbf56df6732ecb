import * as s3 from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { UnsupportedOperation } from '../../../../local/permissions/request.ts'
import { requestedAction } from '../../../../local/permissions/requested-action.ts'
import { absentObjectAction } from '../../../../local/permissions/s3-actions.ts'
import { Capture, clientSettings } from './captured.ts'

const capture = new Capture()
const client = new s3.S3Client({ ...clientSettings(capture), forcePathStyle: true })
const scope = { account: '000000000000', region: 'us-east-1' }
const at = { Bucket: 'b', Key: 'a b/ü&1' }
const object = 'arn:aws:s3:::b/a b/ü&1'

async function needs(command: unknown): Promise<[string, string][]> {
  const send = () => client.send(command as s3.GetObjectCommand)
  const actions = requestedAction(await capture.of('s3', send), scope)
  return actions.flatMap(({ action, resourceArns }) =>
    resourceArns.map((arn): [string, string] => [action, arn]),
  )
}

describe('S3', () => {
  it.each<[unknown, [string, string][]]>([
    [new s3.GetObjectCommand(at), [['s3:GetObject', object]]],
    [new s3.GetObjectCommand({ ...at, VersionId: 'v' }), [['s3:GetObjectVersion', object]]],
    [new s3.HeadObjectCommand(at), [['s3:GetObject', object]]],
    [new s3.PutObjectCommand({ ...at, Body: 'x' }), [['s3:PutObject', object]]],
    [new s3.DeleteObjectCommand(at), [['s3:DeleteObject', object]]],
    [new s3.DeleteObjectCommand({ ...at, VersionId: 'v' }), [['s3:DeleteObjectVersion', object]]],
    [new s3.CreateMultipartUploadCommand(at), [['s3:PutObject', object]]],
    [new s3.UploadPartCommand({ ...at, UploadId: 'u', PartNumber: 1 }), [['s3:PutObject', object]]],
    [new s3.CompleteMultipartUploadCommand({ ...at, UploadId: 'u' }), [['s3:PutObject', object]]],
    [new s3.AbortMultipartUploadCommand({ ...at, UploadId: 'u' }), [['s3:AbortMultipartUpload', object]]],
    [new s3.ListPartsCommand({ ...at, UploadId: 'u' }), [['s3:ListMultipartUploadParts', object]]],
    [new s3.HeadBucketCommand({ Bucket: 'b' }), [['s3:ListBucket', 'arn:aws:s3:::b']]],
    [new s3.ListObjectsV2Command({ Bucket: 'b' }), [['s3:ListBucket', 'arn:aws:s3:::b']]],
    [new s3.ListObjectVersionsCommand({ Bucket: 'b' }), [['s3:ListBucketVersions', 'arn:aws:s3:::b']]],
    [new s3.GetBucketVersioningCommand({ Bucket: 'b' }), [['s3:GetBucketVersioning', 'arn:aws:s3:::b']]],
    [new s3.ListBucketsCommand({}), [['s3:ListAllMyBuckets', '*']]],
    [
      new s3.CopyObjectCommand({ ...at, CopySource: 'source/x%20y?versionId=3' }),
      [
        ['s3:PutObject', object],
        ['s3:GetObjectVersion', 'arn:aws:s3:::source/x y'],
      ],
    ],
    [
      new s3.UploadPartCopyCommand({ ...at, UploadId: 'u', PartNumber: 1, CopySource: '/source/x' }),
      [
        ['s3:PutObject', object],
        ['s3:GetObject', 'arn:aws:s3:::source/x'],
      ],
    ],
    [
      new s3.DeleteObjectsCommand({
        Bucket: 'b',
        Delete: { Objects: [{ Key: 'a&<b>' }, { Key: 'c', VersionId: 'v' }] },
      }),
      [
        ['s3:DeleteObject', 'arn:aws:s3:::b/a&<b>'],
        ['s3:DeleteObjectVersion', 'arn:aws:s3:::b/c'],
      ],
    ],
    [
      new s3.PutObjectCommand({
        ...at,
        Body: 'x',
        ObjectLockMode: 'COMPLIANCE',
        ObjectLockRetainUntilDate: new Date(0),
      }),
      [
        ['s3:PutObject', object],
        ['s3:PutObjectRetention', object],
      ],
    ],
    [
      new s3.PutObjectRetentionCommand({ ...at, Retention: { Mode: 'GOVERNANCE' } }),
      [['s3:PutObjectRetention', object]],
    ],
  ])('%#', async (command, expected) => {
    expect(await needs(command)).toEqual(expected)
  })

  it('gives prefix and delimiter of a listing as context', async () => {
    const command = new s3.ListObjectsV2Command({ Bucket: 'b', Prefix: 'runs/', Delimiter: '/', MaxKeys: 5 })
    const [action] = requestedAction(await capture.of('s3', () => client.send(command)), scope)
    expect(action?.context).toEqual({ 's3:prefix': 'runs/', 's3:delimiter': '/', 's3:max-keys': '5' })
  })
  it('gives the conditions of a write as context', async () => {
    const command = new s3.PutObjectCommand({
      ...at,
      Body: 'x',
      IfNoneMatch: '*',
      ServerSideEncryption: 'aws:kms',
    })
    const [action] = requestedAction(await capture.of('s3', () => client.send(command)), scope)
    expect(action?.context).toEqual({ 's3:if-none-match': '*', 's3:x-amz-server-side-encryption': 'aws:kms' })
  })
  it('hides an absent object from those who may not list', async () => {
    const request = await capture.of('s3', () =>
      client.send(new s3.GetObjectCommand({ Bucket: 'b', Key: 'runs/1' })),
    )
    expect(absentObjectAction(request)).toEqual({
      action: 's3:ListBucket',
      resourceArns: ['arn:aws:s3:::b'],
      context: { 's3:prefix': 'runs/1' },
    })
  })
  it.each([
    new s3.SelectObjectContentCommand({
      ...at,
      Expression: '',
      ExpressionType: 'SQL',
      InputSerialization: {},
      OutputSerialization: {},
    }),
    new s3.GetBucketPolicyCommand({ Bucket: 'b' }),
    new s3.CreateBucketCommand({ Bucket: 'b' }),
  ])('refuses %# by name', async (command) => {
    await expect(needs(command)).rejects.toThrow(UnsupportedOperation)
  })
})
