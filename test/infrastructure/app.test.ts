import { synthesise } from './synthesised.ts'
import { alarmsSuite } from './suites/alarms.ts'
import { approvalSuite } from './suites/approval.ts'
import { grantsSuite } from './suites/grants.ts'
import { nagSuite } from './suites/nag.ts'
import { storesSuite } from './suites/stores.ts'
import { versionsSuite } from './suites/versions.ts'

// One synthesis for all that is said of it: it takes seconds.
const app = synthesise()

storesSuite(app)
grantsSuite(app)
versionsSuite(app)
approvalSuite(app)
alarmsSuite(app)
nagSuite(app)
