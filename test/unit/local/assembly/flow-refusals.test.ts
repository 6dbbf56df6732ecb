import { aws_iam } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { loadStack, raw } from './synthesised.ts'

const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
})

describe('what is refused of a flow', () => {
  it('a role that its service may not assume', async () => {
    const loading = loadStack((stack) => {
      const role = raw(stack, 'R', 'AWS::IAM::Role', {
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
      })
      raw(stack, 'X', 'AWS::StepFunctions::StateMachine', {
        RoleArn: role.getAtt('Arn'),
        DefinitionString: '{}',
      })
    })
    await expect(loading).rejects.toThrow(
      /states\.amazonaws\.com may not assume arn:aws:iam::000000000000:role\/Test-R/,
    )
  })
  it('a version of a state machine that CloudFormation would publish only once', async () => {
    const loading = loadStack((stack) => {
      const role = new aws_iam.Role(stack, 'R', {
        assumedBy: new aws_iam.ServicePrincipal('states.amazonaws.com'),
      })
      const properties = { RoleArn: role.roleArn, DefinitionString: '{}' }
      const machine = raw(stack, 'M', 'AWS::StepFunctions::StateMachine', properties)
      raw(stack, 'X', 'AWS::StepFunctions::StateMachineVersion', { StateMachineArn: machine.ref })
    })
    await expect(loading).rejects.toThrow(/StateMachineRevisionId: is missing/)
  })
})
