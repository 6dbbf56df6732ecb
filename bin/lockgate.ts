import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { readSettings } from '../lib/config.ts'
import { requireSettings } from '../lib/migration-description.ts'
import { nameIn } from '../lib/names.ts'
import { StatefulStack } from '../lib/stacks/stateful-stack.ts'
import { WorkflowStack } from '../lib/stacks/workflow-stack.ts'
import { migrations as registered } from '../migrations/registry.ts'
import { describeMigrations } from './describe-migrations.ts'
import { requireValid } from './require-valid.ts'

requireValid(registered)

const app = new App()
const settings = readSettings((key): unknown => app.node.tryGetContext(key))
const migrations = describeMigrations(registered)
requireSettings(migrations, settings)

const root = join(import.meta.dirname, '..')
// Beside the templates, so that two syntheses at once do not meet.
const bundles = join(app.outdir, '.build')
const stateful = new StatefulStack(app, nameIn(settings.environment, 'stateful'), {
  root,
  settings,
  migrations,
})
new WorkflowStack(app, nameIn(settings.environment, 'workflow'), {
  root,
  bundles,
  settings,
  migrations,
  stateful,
})
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
app.synth()
