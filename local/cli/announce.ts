import { operatorKey } from './clients.ts'
import type { LocalSystem } from './local-system.ts'
import type { Screen } from './screen.ts'

/** Where everything is, and how to point the AWS CLI at it. */
export function announce(system: LocalSystem, region: string, screen: Screen): void {
  screen.line(`
  AWS endpoint   ${system.endpoint}
  mailbox        ${system.mailboxUrl}

  To look at it with the AWS CLI:
    export AWS_ENDPOINT_URL=${system.endpoint} AWS_REGION=${region}
    export AWS_ACCESS_KEY_ID=${operatorKey.accessKeyId} AWS_SECRET_ACCESS_KEY=${operatorKey.secretAccessKey}
    aws stepfunctions list-executions --state-machine-arn ${system.stateMachineArn}
    aws dynamodb list-tables
    aws s3 ls
`)
}
