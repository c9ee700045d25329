import * as z from 'zod'
import { integer } from '../fields.ts'

/** The input of a queue of reported rows: its order, and a page of it. */
export const queueInput = z.object({
  order: z
    .enum(['most_reported', 'oldest'])
    .default('most_reported')
    .describe('The first rows: the most reported, or the oldest'),
  page: integer(1, 100).default(1).describe('The number of the page, from 1'),
  count: integer(1, 50).default(20).describe('The number of rows on a page'),
})

/** The rows of a page, as offset and limit. */
export const queueRows = ({ page, count }: { page: number; count: number }): { skip: number; take: number } => ({
  skip: (page - 1) * count,
  take: count,
})

/** SQL for the rows of a queue, which are those of its partial indexes. */
export const isReported = '(reported or reports > 0)'

/** Columns of all queues. `reported` is true while lists leave the row out. */
export const Reported = z.object({ product_id: z.int(), reports: z.int(), reported: z.boolean() })

export const Photos = z.array(z.object({ id: z.int(), url: z.string() }))
