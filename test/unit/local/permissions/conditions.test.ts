import { describe, expect, it } from 'vitest'
import type { Conditions, Context } from '../../../../local/permissions/conditions.ts'
import {
  conditionRefusal,
  conditionsHold,
  UnsupportedCondition,
} from '../../../../local/permissions/conditions.ts'

const rule = 'arn:aws:events:us-east-1:000000000000:rule/failed'

describe('conditions', () => {
  it.each<[string, Conditions, Context, boolean]>([
    ['no condition holds', {}, {}, true],
    ['StringEquals, equal', { StringEquals: { 's3:prefix': 'a/' } }, { 's3:prefix': 'a/' }, true],
    ['StringEquals, other case', { StringEquals: { 's3:prefix': 'a/' } }, { 's3:prefix': 'A/' }, false],
    ['StringEquals, no wildcards', { StringEquals: { 's3:prefix': 'a*' } }, { 's3:prefix': 'ab' }, false],
    [
      'StringEquals, one of several',
      { StringEquals: { 's3:prefix': ['a', 'b'] } },
      { 's3:prefix': 'b' },
      true,
    ],
    ['StringEquals, key absent', { StringEquals: { 's3:prefix': 'a/' } }, {}, false],
    [
      'keys regardless of case',
      { StringEquals: { 'AWS:sourceaccount': '1' } },
      { 'aws:SourceAccount': '1' },
      true,
    ],
    ['StringLike', { StringLike: { 's3:prefix': 'a/*/c?' } }, { 's3:prefix': 'a/b/cd' }, true],
    ['StringLike, no match', { StringLike: { 's3:prefix': 'a/*/c?' } }, { 's3:prefix': 'a/b/c' }, false],
    [
      'ArnLike',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/f*' } },
      { 'aws:SourceArn': rule },
      true,
    ],
    [
      'ArnLike, * within a field',
      { ArnLike: { 'aws:SourceArn': 'arn:*:rule/failed' } },
      { 'aws:SourceArn': rule },
      false,
    ],
    ['ArnEquals', { ArnEquals: { 'aws:SourceArn': rule } }, { 'aws:SourceArn': rule }, true],
    ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'true' }, false],
    [
      'Bool, other case',
      { Bool: { 'aws:SecureTransport': 'True' } },
      { 'aws:SecureTransport': 'true' },
      true,
    ],
    ['Null true, absent', { Null: { 's3:prefix': 'true' } }, {}, true],
    ['Null true, present', { Null: { 's3:prefix': 'true' } }, { 's3:prefix': '' }, false],
    ['Null false, present', { Null: { 's3:prefix': 'false' } }, { 's3:prefix': '' }, true],
    [
      'ForAllValues, all',
      { 'ForAllValues:StringEquals': { 's3:prefix': ['a', 'b'] } },
      { 's3:prefix': ['a', 'b'] },
      true,
    ],
    [
      'ForAllValues, one not',
      { 'ForAllValues:StringEquals': { 's3:prefix': ['a'] } },
      { 's3:prefix': ['a', 'b'] },
      false,
    ],
    ['ForAllValues, absent', { 'ForAllValues:StringLike': { 's3:prefix': ['a'] } }, {}, true],
    [
      'ForAnyValue, one',
      { 'ForAnyValue:StringLike': { 's3:prefix': ['b*'] } },
      { 's3:prefix': ['a', 'bc'] },
      true,
    ],
    [
      'ForAnyValue, none',
      { 'ForAnyValue:StringEquals': { 's3:prefix': ['c'] } },
      { 's3:prefix': ['a', 'b'] },
      false,
    ],
    ['ForAnyValue, absent', { 'ForAnyValue:StringEquals': { 's3:prefix': ['c'] } }, {}, false],
    [
      'all operators and keys together',
      { StringEquals: { 's3:prefix': 'a', 's3:delimiter': '/' }, Null: { 's3:max-keys': 'true' } },
      { 's3:prefix': 'a', 's3:delimiter': ':' },
      false,
    ],
  ])('%s', (_name, conditions, context, holds) => {
    expect(conditionsHold(conditions, context)).toBe(holds)
  })

  it.each<[Conditions, RegExp]>([
    [{ NumericLessThan: { 's3:max-keys': '10' } }, /operator NumericLessThan/],
    [{ StringEqualsIfExists: { 's3:prefix': 'a' } }, /operator StringEqualsIfExists/],
    [{ 'ForSomeValues:StringEquals': { 's3:prefix': 'a' } }, /operator ForSomeValues/],
    [{ 'ForAllValues:Bool': { 'aws:SecureTransport': 'true' } }, /operator ForAllValues:Bool/],
    [{ StringEquals: { 'aws:SourceVpc': 'vpc-1' } }, /key aws:SourceVpc/],
    [{ StringLike: { 's3:prefix': '${aws:username}/*' } }, /policy variable/],
  ])('refuses %j by name', (conditions, message) => {
    expect(conditionRefusal(conditions)).toMatch(message)
    expect(() => conditionsHold(conditions, {})).toThrow(UnsupportedCondition)
  })
})
