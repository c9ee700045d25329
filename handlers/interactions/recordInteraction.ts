import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { invalidInteraction } from '../failure.ts'
import { Created, text } from '../fields.ts'
import { created } from '../mutation.ts'

const record = command({ element: 'text', widget: 'text', time: 'text' })<{ created_id: number }>`
  with interaction as (
    insert into interactions (element, widget, time)
    select element, widget, time from keys
    returning interaction_id as created_id
  )
  select n, row_to_json(interaction) as answer from keys, interaction`

export const recordInteraction = endpoint({
  method: 'post',
  path: '/interactions',
  summary: 'Records a click; each field may be empty',
  status: 201,
  input: z.object({
    element: text(60_000).describe('What was clicked'),
    widget: text(1000).describe('The part of the page around it'),
    time: text(1000).describe('When, as the client writes it'),
  }),
  output: Created,
  failures: [invalidInteraction],
  example: { element: 'button.add-to-cart', widget: 'overview', time: '2024-03-05T06:07:08.009Z' },
  handle: async (db, interaction) => created(await db.run(record, interaction)),
})
