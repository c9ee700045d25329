import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connect, type Database } from '../../db/connect.ts'
import { createDatabase, type TestDatabase } from '../../db/test/database.ts'
import { findInconsistent } from '../../db/verify.ts'
import type { Failure } from '../failure.ts'
import { call, type Name } from '../test/call.ts'

const isOnServer = inject('template') !== undefined
let database: TestDatabase
let api: Database
beforeAll(async () => {
  if (!isOnServer) return
  database = await createDatabase({ fixture: true })
  api = connect(database.url)
})
afterAll(async () => {
  await api?.end()
  await database?.drop()
})

// Ids of the fixture, of what the writes add, and of nothing.
const id = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1000, max: 1600 }))
const product_id = fc.constantFrom(1, 3, 4)
const rating = fc.integer({ min: 1, max: 5 })
const of = (name: Name, input: fc.Arbitrary<object>) => input.map((input) => ({ name, input }))
const write = fc.oneof(
  {
    weight: 6,
    arbitrary: of(
      'addReview',
      fc.record({
        product_id,
        rating,
        recommend: fc.boolean(),
        characteristics: fc.dictionary(fc.constantFrom('1', '2', '3'), rating),
      }),
    ),
  },
  { weight: 4, arbitrary: of('removeReview', fc.record({ review_id: id })) },
  { weight: 2, arbitrary: of('addQuestion', fc.record({ product_id })) },
  { weight: 3, arbitrary: of('addAnswer', fc.record({ question_id: id })) },
  ...(['Review', 'Question', 'Answer'] as const).flatMap((kind) =>
    (['mark$Helpful', 'report$', 'restore$'] as const).map((name) =>
      of(
        name.replace('$', kind) as Name,
        id.map((id) => ({ [`${kind.toLowerCase()}_id`]: id })),
      ),
    ),
  ),
  of('respondToReview', fc.record({ review_id: id })),
  of('removeQuestion', fc.record({ question_id: id })),
  of('removeAnswer', fc.record({ answer_id: id })),
  of('erasePerson', fc.record({ email: fc.constantFrom('walker@mail.example', 'tailor@mail.example') })),
)

const writesInAll = 10_000
const atOnce = 200

test.runIf(isOnServer)(
  'whatever is written, moderated and removed at once, totals are what a recount gives, and no write fails',
  async () => {
    const seed = Date.now() % 2 ** 31
    const writes = fc.sample(write, { numRuns: writesInAll, seed })
    const statuses = new Set<number>()
    const worker = async () => {
      for (let next = writes.pop(); next; next = writes.pop()) {
        const answer = (await call(api.db, next.name, next.input)) as Failure | string | undefined
        statuses.add(typeof answer === 'object' && 'status' in answer ? answer.status : 200)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    expect(statuses, `seed ${seed}`).toEqual(new Set([200, 404]))
    expect(await findInconsistent(database.sql), `seed ${seed}`).toEqual([])
    const [lost] = await database.sql`
      select
        (select count(*)::int from review_photos left join reviews using (review_id) where reviews is null) as photos,
        (select count(*)::int from reviews join removed_rows on name = 'reviews' and id = review_id) as back,
        (select count(*)::int from removed_rows where name = 'reviews') > 50 as removed`
    expect(lost).toEqual({ photos: 0, back: 0, removed: true })
  },
  120_000,
)
