/** What a migration is written with: `import { defineMigration, … } from '#lockgate'`. */
export { controlSum } from './control-sum.ts'
export { atLeast, atMost, exactly, within } from './limit.ts'
export { defineMigration, type Migration } from './migration.ts'
export { defineSegment } from './segment.ts'
export { s3Delimited, s3Ndjson } from './source.ts'
export { full, pilot, ramp, rehearse } from './stage.ts'
export { dynamoDb } from './target.ts'
export { exactNumber } from '../value.ts'
