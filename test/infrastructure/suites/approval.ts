import { describe, expect, it } from 'vitest'
import { flat, ofType, type Synthesised } from '../synthesised.ts'

/** The page, the mails, and the notice of a failure. */
export function approvalSuite({ workflow }: Synthesised): void {
  const [, stage] = ofType(workflow, 'AWS::ApiGatewayV2::Stage')[0] ?? []

  describe('the approval page', () => {
    it('has a route for opening, looking and deciding, each with a throttle of its own', () => {
      const routes = ofType(workflow, 'AWS::ApiGatewayV2::Route').map(
        ([, { Properties }]) => Properties['RouteKey'],
      )
      expect(routes.sort()).toEqual([
        'GET /gates/{capability}',
        'HEAD /gates/{capability}',
        'POST /gates/{capability}',
      ])
      expect(stage?.Properties['RouteSettings']).toEqual({
        'GET /gates/{capability}': { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
        'HEAD /gates/{capability}': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
        'POST /gates/{capability}': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
      })
    })

    it('logs neither path nor query nor address, since the path is the capability', () => {
      const { Format } = Object(stage?.Properties['AccessLogSettings']) as { Format: string }
      expect(Object.values(JSON.parse(Format) as Record<string, string>)).toEqual([
        '$context.requestId',
        '$context.routeKey',
        '$context.status',
        '$context.responseLatency',
      ])
    })

    it('is known by its address to the function that sends the links', () => {
      const asks = Object.values(workflow.Resources).find(
        ({ Properties }) => Properties['FunctionName'] === 'lockgate-dev-await-decision',
      )
      expect(JSON.stringify(asks?.Properties['Environment'])).toMatch(/"APPROVAL_URL":.*ApiEndpoint/)
    })
  })

  describe('the counts of who guesses', () => {
    it('expire, and are neither backed up nor kept', () => {
      const [[, table] = ['', undefined], ...others] = ofType(workflow, 'AWS::DynamoDB::Table')
      expect(others).toEqual([])
      expect(table).toMatchObject({
        DeletionPolicy: 'Delete',
        Properties: {
          TableName: 'lockgate-dev-guesses',
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        },
      })
      expect(table?.Properties).not.toHaveProperty('PointInTimeRecoverySpecification')
    })
  })

  describe('topics', () => {
    const topics = ofType(workflow, 'AWS::SNS::Topic')

    it.each(topics)('%s is encrypted with the key, and published to over TLS only', (id, { Properties }) => {
      expect(flat(Properties['KmsMasterKeyId'])).toContain('lockgate-dev-stateful')
      const policy = ofType(workflow, 'AWS::SNS::TopicPolicy').find(([, p]) =>
        flat(p.Properties['Topics']).includes(id),
      )
      expect(JSON.stringify(policy)).toContain(
        '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
      )
    })

    it('has a subscription per approver, who gets only what is for them, and per operator', () => {
      const subscriptions = ofType(workflow, 'AWS::SNS::Subscription').map(([, { Properties }]) => ({
        to: Properties['Endpoint'],
        filter: Properties['FilterPolicy'],
        protocol: Properties['Protocol'],
      }))
      expect(subscriptions).toContainEqual({
        to: 'steward@example.com',
        filter: { recipient: ['steward@example.com'] },
        protocol: 'email',
      })
      expect(subscriptions).toContainEqual({
        to: 'operator@example.com',
        filter: undefined,
        protocol: 'email',
      })
    })
  })

  describe('the notice of a failure', () => {
    it('is given for both state machines, however an execution ends badly', () => {
      const [, rule] = ofType(workflow, 'AWS::Events::Rule')[0] ?? []
      expect(rule?.Properties['EventPattern']).toMatchObject({
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      })
      expect(JSON.stringify(rule?.Properties['EventPattern'])).toMatch(/MigrateMachine.*StageMachine/)
      expect(JSON.stringify(rule?.Properties['Targets'])).toContain('RecordFailureFunction')
    })
  })

  describe('outputs', () => {
    it('say where to start, where to look, and where approvers go', () => {
      expect(Object.keys(workflow.Outputs).sort()).toEqual([
        'ApprovalUrl',
        'DashboardUrl',
        'MigrateStateMachine',
        'MigrateVersion',
        'StageStateMachine',
        'StartRun',
      ])
    })
  })
}
