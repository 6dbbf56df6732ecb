/** A main process to be killed while a function of its pool is running. */
import { functionOf, poolOf } from './fixtures.ts'

const pool = poolOf([functionOf('export const handler = () => new Promise(() => {})')])
void pool.invoke({ functionArn: 'echo', payload: {} })
setTimeout(() => console.log('running'), 500)
