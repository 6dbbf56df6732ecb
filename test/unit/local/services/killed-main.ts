/** A main process to be killed: serves in the directory given, and says where. */
import { start } from './fixtures.ts'

const { endpoint, dynamodbEndpoint } = await start({ stateDirectory: process.argv[2] ?? '' })
console.log(JSON.stringify({ endpoint, dynamodbEndpoint }))
