import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { recordInteraction } from './recordInteraction.ts'

const fixture = useFixture()
const record = (input: object) => run(recordInteraction, fixture.db, { ...recordInteraction.example, ...input })

test('stores the three texts with the time they came', async () => {
  const element = `<div class="card">${'<span>\\"quoted\\"</span>'.repeat(1000)}</div>`
  expect(await record({ element, widget: '', time: 'noon' })).toBe('Created')
  const [row] = await fixture.sql`select element, widget, time, now() - received_at as age from interactions`
  expect(row).toMatchObject({ element, widget: '', time: 'noon', age: '00:00:00' })
})

test.each(['element', 'widget', 'time'])(
  'refuses a body without %s, which may be empty but must be there',
  async (field) => {
    expect(await record({ [field]: '' })).toBe('Created')
    expect(await record({ [field]: undefined })).toMatchObject({
      status: 422,
      text: 'Error: Interaction body contains invalid entries',
      issues: [{ field }],
    })
  },
)
