import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Json } from '../../../../local/states/json.ts'
import { World } from './support.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

async function output(expression: string, input: Json = {}): Promise<Json> {
  const { facts } = await world.run({ P: { Type: 'Pass', Output: { value: expression }, End: true } }, input)
  expect(facts).toMatchObject({ status: 'SUCCEEDED' })
  return (facts.output as { value: Json }).value
}

async function failure(expression: string, input: Json = {}) {
  const { facts } = await world.run({ P: { Type: 'Pass', Output: { value: expression }, End: true } }, input)
  return { error: facts.error, cause: facts.cause }
}

const added: [string, string, Json][] = [
  ['$partition cuts an array into chunks', '{% $partition([1..5], 2) %}', [[1, 2], [3, 4], [5]]],
  ['$partition takes a sequence of one', '{% $partition([1..1], 2) %}', [[1]]],
  ['$range counts up', '{% $range(0, 10, 2) %}', [0, 2, 4, 6, 8, 10]],
  ['$range counts down', '{% $range(3, 1, -1) %}', [3, 2, 1]],
  ['$hash knows MD5', "{% $hash('a', 'MD5') %}", '0cc175b9c0f1b6a831c399e269772661'],
  ['$parse reads JSON text', `{% $parse('{"a":[1]}') %}`, { a: [1] }],
  ['$random gives the same for a seed', '{% $random(7) = $random(7) and $random(7) < 1 %}', true],
  ['$random differs by seed', '{% $random(7) != $random(8) %}', true],
]

test.each(added)(
  "JSONata: %s (developer guide, 'JSONata functions provided by Step Functions')",
  async (_, expression, expected) => {
    expect(await output(expression)).toEqual(expected)
  },
)

test("JSONata: $hash gives hexadecimal SHA-256 (developer guide, 'JSONata functions provided by Step Functions')", async () => {
  expect(await output("{% $hash('abc', 'SHA-256') %}")).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

test("JSONata: $uuid gives a version 4 UUID (developer guide, 'JSONata functions provided by Step Functions')", async () => {
  expect(await output('{% $uuid() %}')).toMatch(
    /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  )
})

test("JSONata: a range of more than 1000 items fails (developer guide, 'Intrinsics', ArrayRange)", async () => {
  expect(await failure('{% $range(1, 1001, 1) %}')).toMatchObject({ error: 'States.QueryEvaluationError' })
})

test("JSONata: an undefined result is States.QueryEvaluationError (States Language, 'JSONata Errors')", async () => {
  const { error, cause } = await failure('{% $states.input.none %}')
  expect(error).toBe('States.QueryEvaluationError')
  expect(cause).toBe(
    "An error occurred while executing the state 'P' (entered at the event id #2). The JSONata expression " +
      "'$states.input.none' specified for the field 'Output/value' returned nothing (undefined).",
  )
})

test("JSONata: a type error is States.QueryEvaluationError (States Language, 'JSONata Errors')", async () => {
  expect(await failure("{% 1 + 'a' %}")).toMatchObject({ error: 'States.QueryEvaluationError' })
})

test('JSONata: a function is no JSON value, so it is an evaluation error', async () => {
  expect(await failure('{% $sum %}')).toMatchObject({ error: 'States.QueryEvaluationError' })
})

test('JSONata: an expression without end is stopped and fails the state', async () => {
  const endless = '{% ($f := function($n) { 1 + $f($n) }; $f(1)) %}'
  expect(await failure(endless)).toMatchObject({ error: 'States.QueryEvaluationError' })
})

test("JSONata: a string is an expression only when {% and %} enclose it whole (States Language, 'JSONata Concepts')", async () => {
  expect(await output(' {% 1 %} ')).toBe(' {% 1 %} ')
  expect(await output('a {% 1 %} b')).toBe('a {% 1 %} b')
})

test("JSONata: null is a value, not undefined (States Language, 'JSONata Concepts')", async () => {
  expect(await output('{% $states.input.a %}', { a: null })).toBeNull()
})

test('JSONata: an undefined field within an object constructor is left out, without error (JSONata 2.0.6)', async () => {
  expect(await output("{% {'a': $states.input.none, 'b': 1} %}")).toEqual({ b: 1 })
})

test('JSONata: $now and $millis follow the clock of the engine', async () => {
  expect(await output('{% [$now(), $millis()] %}')).toEqual([
    '2026-01-01T00:00:00.000Z',
    Date.parse('2026-01-01'),
  ])
  expect(await output("{% $now('[Y0001]') %}")).toBe('2026')
})
