import type { Stack, Template } from './cdk-out.ts'
import type { Json } from './json.ts'
import { uuidOf } from './names.ts'
import { UnsupportedTemplate } from './unsupported-template.ts'
import type { Place } from './unsupported-template.ts'

/** The value of a template parameter: its default, because nobody is there to give another. */
export function parameterValue(name: string, parameter: Template['Parameters'][string], place: Place): Json {
  const { Type: type, Default: value } = parameter
  if (value === undefined) throw new UnsupportedTemplate(place, `the parameter ${name} has no default`)
  if (type === 'String' || type === 'Number') return value
  if (type === 'CommaDelimitedList' && typeof value === 'string')
    return value.split(',').map((item) => item.trim())
  throw new UnsupportedTemplate(place, `the parameter ${name} has the unsupported type ${type}`)
}

export function pseudoParameter(
  name: string,
  stack: Stack,
  { account, region }: { account: string; region: string },
  place: Place,
): string | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return account
    case 'AWS::Region':
      return region
    case 'AWS::Partition':
      return 'aws'
    case 'AWS::URLSuffix':
      return 'amazonaws.com'
    case 'AWS::StackName':
      return stack.name
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${region}:${account}:stack/${stack.name}/${uuidOf(stack.name)}`
    case 'AWS::NoValue':
      return undefined
    default:
      throw new UnsupportedTemplate(place, `the pseudo parameter ${name} is not supported`)
  }
}
