import { expect, it } from 'vitest'
import { loadStack, raw } from './synthesised.ts'

const document = (more: Record<string, unknown> = {}) => ({
  ...{ Name: 'hours', DocumentType: 'ChangeCalendar', DocumentFormat: 'TEXT', UpdateMethod: 'NewVersion' },
  Content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n',
  ...more,
})
const load = (more?: Record<string, unknown>) =>
  loadStack((stack) => raw(stack, 'Hours', 'AWS::SSM::Document', document(more)))

it('a Change Calendar comes with its text', async () => {
  expect((await load()).calendars).toEqual([
    {
      name: 'hours',
      arn: 'arn:aws:ssm:us-east-1:000000000000:document/hours',
      content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n',
    },
  ])
})

it.each([
  [{ DocumentType: 'Command' }, 'DocumentType'],
  [{ Attachments: [] }, 'Attachments'],
])('any other document is refused: %j', async (more, property) => {
  await expect(load(more)).rejects.toThrow(property)
})
