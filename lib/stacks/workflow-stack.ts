import { join } from 'node:path'
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { compileMigrations, shipArtifacts } from '../artifacts.ts'
import { bundleFunctions, functionFolders } from '../bundling.ts'
import type { Settings } from '../config.ts'
import { Alarms } from '../constructs/alarms.ts'
import { ApprovalPage } from '../constructs/approval-page.ts'
import { WorkflowDashboard } from '../constructs/dashboard.ts'
import { GuessTable } from '../constructs/guess-table.ts'
import { FailureNotice } from '../constructs/failure-notice.ts'
import { MailTopics } from '../constructs/mail-topics.ts'
import { WorkflowFunction } from '../constructs/workflow-function.ts'
import { WorkflowMachine } from '../constructs/workflow-machine.ts'
import { functionPlaceholder, pascalCase, readDefinition, type Definition } from '../definition.ts'
import { environmentOf } from '../function-environment.ts'
import { sizingOf } from '../function-sizing.ts'
import { grantStatements, type Grant, type Places } from '../grant-statements.ts'
import { grantsOf } from '../grants.ts'
import { migrateGrants, stageGrants, windowGrants } from '../machine-grants.ts'
import type { MigrationDescription } from '../migration-description.ts'
import { nameIn } from '../names.ts'
import type { StatefulStack } from './stateful-stack.ts'

interface WorkflowStackProps extends StackProps {
  /** Root of the repository. */
  readonly root: string
  /** Folder that bundles are made in. */
  readonly bundles: string
  readonly settings: Settings
  readonly migrations: readonly MigrationDescription[]
  readonly stateful: StatefulStack
}

/** What a deployment replaces: functions, state machines, topics, the approval page, alarms and the dashboard. */
export class WorkflowStack extends Stack {
  readonly #props: WorkflowStackProps
  readonly #names: readonly string[]
  readonly #functions: ReadonlyMap<string, WorkflowFunction>

  constructor(scope: Construct, id: string, props: WorkflowStackProps) {
    super(scope, id, props)
    this.#props = props
    const { settings, root, stateful } = props
    const { environment } = settings
    this.addStackDependency(stateful, 'policies name its tables and buckets')
    this.#names = functionFolders(root)
    const topics = new MailTopics(this, 'Mail', { settings, key: stateful.key })
    const page = new ApprovalPage(this, 'ApprovalPage', {
      apiName: nameIn(environment, 'approval-page'),
      logRetentionDays: settings.logRetentionDays,
    })
    const guesses = new GuessTable(this, 'Guesses', {
      tableName: nameIn(environment, 'guesses'),
      encryptionKey: stateful.key,
    })
    this.#functions = this.#makeFunctions(this.#places(topics, guesses), page.url)
    page.serve({ show: this.#function('show-gate').function, decide: this.#function('decide-gate').function })

    const stageDefinition = this.#definition('stage')
    const migrateDefinition = this.#definition('migrate')
    const { archive, staging, key } = stateful
    const stage = this.#machine(
      stageDefinition,
      stageGrants(this, environment, stageDefinition, { archive, staging, keyArn: key.keyArn }),
      { StagingBucket: staging.name, ArchiveBucket: archive.name },
    )
    const windowDefinition = this.#definition('window')
    const window = this.#machine(windowDefinition, windowGrants(this, environment, windowDefinition), {})
    const migrate = this.#machine(migrateDefinition, migrateGrants(this, environment, migrateDefinition), {
      StageStateMachine: stage.versionArn,
      WindowStateMachine: window.versionArn,
    })
    new FailureNotice(this, 'FailureNotice', {
      ruleName: nameIn(environment, 'failure-notice'),
      stateMachineArns: [migrate.machine.stateMachineArn, stage.machine.stateMachineArn],
      recordFailure: this.#function('record-failure').function,
    })
    new Alarms(this, 'Alarms', { settings, migrate: migrate.machine, notices: topics.notices })
    this.#outputs(migrate, stage, page.url)
  }

  #places(topics: MailTopics, guesses: GuessTable): Places {
    const { settings, stateful } = this.#props
    return {
      environment: settings.environment,
      checkpoints: stateful.checkpoints,
      gates: stateful.gates,
      log: stateful.log,
      guesses: guesses.place,
      staging: stateful.staging,
      archive: stateful.archive,
      evidence: stateful.evidence,
      sources: stateful.sources,
      targets: stateful.targets,
      calendars: stateful.calendars,
      approvalTopicArn: topics.approvals.topicArn,
      noticeTopicArn: topics.notices.topicArn,
      keyArn: stateful.key.keyArn,
      piiKeyArn: stateful.piiKey?.keyArn,
      logKeyArn: stateful.logKey.keyArn,
    }
  }

  #makeFunctions(places: Places, approvalUrl: string): ReadonlyMap<string, WorkflowFunction> {
    const { root, bundles, settings, migrations } = this.#props
    const artifacts = compileMigrations(root, migrations, settings.piiKeyVersion)
    const fingerprints = Object.fromEntries(
      artifacts.map(({ migration, fingerprint }) => [migration, fingerprint]),
    )
    bundleFunctions(root, bundles, this.#names)
    shipArtifacts(join(bundles, 'open-run'), artifacts)
    return new Map(
      this.#names.map((name) => [
        name,
        new WorkflowFunction(this, pascalCase(name), {
          functionName: nameIn(settings.environment, name),
          bundle: join(bundles, name),
          description: `Lockgate: ${name.replaceAll('-', ' ')}`,
          sizing: sizingOf(name),
          environment: environmentOf(grantsOf(name), { settings, places, approvalUrl, fingerprints }),
          grants: grantStatements(this, grantsOf(name), places),
          logRetentionDays: settings.logRetentionDays,
        }),
      ]),
    )
  }

  #function(name: string): WorkflowFunction {
    const found = this.#functions.get(name)
    if (found === undefined) throw new Error(`there is no lambdas/${name}/handler.ts`)
    return found
  }

  #definition(name: string): Definition {
    return readDefinition(join(this.#props.root, 'statemachines', `${name}.asl.json`), this.#names)
  }

  #machine(
    definition: Definition,
    grants: readonly Grant[],
    others: Readonly<Record<string, string>>,
  ): WorkflowMachine {
    const { environment, logRetentionDays } = this.#props.settings
    const values = new Map(Object.entries(others))
    for (const name of definition.functions)
      values.set(functionPlaceholder(name), this.#function(name).versionArn)
    const substitutions = definition.placeholders.map((name) => {
      const value = values.get(name)
      if (value === undefined)
        throw new Error(`nothing is known for \${${name}} in ${definition.name}.asl.json`)
      return [name, value] as const
    })
    return new WorkflowMachine(this, `${pascalCase(definition.name)}Machine`, {
      stateMachineName: nameIn(environment, definition.name),
      definition,
      substitutions: Object.fromEntries(substitutions),
      grants,
      logRetentionDays,
    })
  }

  #outputs(migrate: WorkflowMachine, stage: WorkflowMachine, approvalUrl: string): void {
    const { environment } = this.#props.settings
    const { region } = this
    const arn = migrate.machine.stateMachineArn
    const consoleUrl = `https://${region}.console.aws.amazon.com/states/home?region=${region}#/statemachines/view/${arn}`
    const dashboard = new WorkflowDashboard(this, 'Dashboard', {
      dashboardName: nameIn(environment, 'runs'),
      functions: new Map([...this.#functions].map(([name, { function: f }]) => [name, f])),
      machines: [migrate.machine, stage.machine],
      consoleUrl,
    })
    const output = (id: string, description: string, value: string) =>
      new CfnOutput(this, id, { description, value })
    output('MigrateStateMachine', 'State machine of runs', arn)
    output(
      'MigrateVersion',
      'Version of it that this deployment published; start runs of this',
      migrate.versionArn,
    )
    output('StageStateMachine', 'State machine of stages', stage.machine.stateMachineArn)
    output('StartRun', 'Console page on which a run is started', consoleUrl)
    output('ApprovalUrl', 'Base address of the approval page', approvalUrl)
    output('DashboardUrl', 'Dashboard of runs', dashboard.url)
  }
}
