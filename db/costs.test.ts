import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Unavailable } from '../handlers/database.ts'
import { endpoints } from '../handlers/index.ts'
import type { Endpoint } from '../handlers/endpoint.ts'
import { client, type Sql } from './client.ts'
import { connect, database } from './connect.ts'
import { planning } from './pool/openPool.ts'
import { createDatabase, type TestDatabase } from './test/database.ts'
import { askedBy, pagesReadBy } from './test/explain.ts'

const { getCart, listAnswers, listProducts, listQuestions, listReviews } = endpoints
const many = 20_000
/** Products whose first page holds much: in answers, in their photos, in reviews, and in the bodies of questions. */
const heavy = { answers: 2, photos: 3, reviews: 4, questions: 5, imported: 6 }

const fullCart = createHash('sha256').update('full').digest('hex')

let own: TestDatabase
let sql: Sql
beforeAll(async () => {
  own = await createDatabase()
  sql = client(own.url, { max: 1, connection: planning })
  await own.sql`
    insert into products select n, 'name', 'slogan', 'description', 'category', 10 from generate_series(1, 20000) n;
    insert into reviews (product_id, rating, summary, body, recommend, reviewer_name, helpfulness, date, photos)
      select 1, 5, 'summary', repeat('body ', 20), true, 'name', n % 17, date '2024-01-01' + n % 400, '[]'
      from generate_series(1, 20000) n;
    insert into questions (question_id, product_id, question_body, asker_name, question_helpfulness)
      select n, 1, repeat('body ', 20), 'name', n % 13 from generate_series(1, 20000) n;
    insert into answers (question_id, product_id, body, answerer_name, helpfulness)
      select 1, 1, repeat('body ', 20), 'name', n % 11 from generate_series(1, 20000) n;

    insert into questions (question_id, product_id, question_body, asker_name)
      select 20000 + n, n, case n when 5 then repeat('a', 1000000) else 'body' end, 'name' from generate_series(2, 6) n;
    insert into answers (answer_id, question_id, product_id, body, answerer_name)
      select 30000 + n, 20002, 2, repeat('a', 10000), 'name' from generate_series(1, 2200) n
      union all select 40000 + n, 20003, 3, 'body', 'name' from generate_series(1, 15) n;
    insert into answer_photos (answer_id, product_id, url)
      select 30000 + n, 2, repeat('b', 2000) from generate_series(1, 2200) n, generate_series(1, 30)
      union all select 40000 + n, 3, repeat('b', 2000) from generate_series(1, 15) n, generate_series(1, 30);
    insert into answers (answer_id, question_id, product_id, body, answerer_name)
      select 50000 + n, 20006, 6, 'body', 'name' from generate_series(1, 15) n;
    insert into answer_photos (answer_id, product_id, url)
      select 50000 + n, 6, repeat('b', 2000) from generate_series(1, 15) n, generate_series(1, 30);
    update answers set photos = album.photos, photo_urls = album.photo_urls
      from answer_albums album where answers.answer_id = album.answer_id and answers.answer_id > 50000;
    insert into reviews (review_id, product_id, rating, summary, body, recommend, reviewer_name)
      select 40000 + n, 4, 5, 'summary', 'body', true, 'name' from generate_series(1, 400) n;
    insert into review_photos (review_id, product_id, url)
      select 40000 + n, 4, repeat('c', 2000) from generate_series(1, 400) n, generate_series(1, 50);
    insert into cart_items (cart, sku_id) select sha256('full'), n % 300 from generate_series(1, 20000) n;
    call rebuild_product_documents()`.simple()
  await own.sql`vacuum analyze`.simple()
})
afterAll(async () => {
  await sql.end({ timeout: 5 })
  await own.drop()
})

const light = async (endpoint: Endpoint, input: object) => (await askedBy(endpoint, input))[0]!
/** The length of an answer, undefined if there is none; a failed test does not print a megabyte. */
const lengthOf = async (endpoint: Endpoint, input: object): Promise<number | undefined> => {
  const { lookup, key } = await light(endpoint, input)
  const answer = (await database(sql).get(lookup, key)) as string | undefined
  return answer?.length
}

test.each([
  ['listReviews newest', listReviews, { product_id: 1, sort: 'newest' }],
  ['listReviews helpful', listReviews, { product_id: 1, sort: 'helpful' }],
  ['listReviews relevant', listReviews, { product_id: 1, sort: 'relevant' }],
  ['listQuestions', listQuestions, { product_id: 1 }],
  ['listAnswers', listAnswers, { question_id: 1 }],
  ['listProducts', listProducts, {}],
] as [string, Endpoint, object][])(
  'the last page of %s is read from the index, but for its own rows',
  async (_name, endpoint, input) => {
    const deep = await light(endpoint, { ...input, page: many / 5 - 1 })
    // Some 350 rows lie on a page of such an index: without it, each row that is skipped is looked up.
    expect(await pagesReadBy(sql, deep)).toBeLessThan(many / 50)
  },
)

test.each([
  ['2 200 answers of 30 photos of 2 000 characters', listQuestions, { product_id: heavy.answers }],
  ['15 answers of such photos', listQuestions, { product_id: heavy.photos }],
  ['15 answers of such photos, put into their rows by an import', listQuestions, { product_id: heavy.imported }],
  ['a body of a million characters', listQuestions, { product_id: heavy.questions }],
  ['answers of such photos', listAnswers, { question_id: 20003 }],
  ['answers of such photos, put into their rows by an import', listAnswers, { question_id: 20006 }],
  ['reviews of 50 photos of 2 000 characters', listReviews, { product_id: heavy.reviews }],
  ['20 000 units that were put in one by one', getCart, { cart: fullCart }],
] as [string, Endpoint, object][])(
  'a page with %s costs those beside it next to nothing',
  async (_name, endpoint, input) => {
    expect(await pagesReadBy(sql, await light(endpoint, input))).toBeLessThan(700)
    expect(await lengthOf(endpoint, input)).toBeUndefined()
  },
)

test.each([
  ['many photos', listQuestions, { product_id: heavy.photos }],
  ['photos of an import', listQuestions, { product_id: heavy.imported }],
  ['a long body', listQuestions, { product_id: heavy.questions }],
  ['many photos', listAnswers, { question_id: 20003 }],
  ['many photos', listReviews, { product_id: heavy.reviews }],
  ['many units', getCart, { cart: fullCart }],
] as [string, Endpoint, object][])('a page with %s is answered all the same', async (_name, endpoint, input) => {
  const { db, end } = connect(own.url)
  onTestFinished(end)
  const answer = await endpoint.handle(db, endpoint.input.parse(input))
  expect(endpoint.output.safeParse(JSON.parse(answer as string)).success).toBe(true)
})

test.each([
  ['listQuestions', listQuestions, { product_id: heavy.answers }],
  ['listAnswers', listAnswers, { question_id: 20002, count: '5000' }],
  ['listReviews', listReviews, { product_id: heavy.reviews, count: 5000 }],
] as [string, Endpoint, object][])('%s refuses a page that is too large, soon', async (_name, endpoint, input) => {
  const { db, end } = connect(own.url)
  onTestFinished(end)
  await expect(endpoint.handle(db, endpoint.input.parse(input))).rejects.toThrow('The answer would be too large.')
})

test('reads of other products are all answered while many ask for the deepest and the heaviest pages', async () => {
  const { db, end } = connect(own.url)
  onTestFinished(end)
  const load = { isOver: false }
  const ask = async (endpoint: Endpoint, input: object) => endpoint.handle(db, endpoint.input.parse(input))
  const keepAsking = async (endpoint: Endpoint, input: object) => {
    while (!load.isOver) await ask(endpoint, input).catch((error: unknown) => expect(error).toBeInstanceOf(Unavailable))
  }
  const others = Promise.all([
    ...Array.from({ length: 20 }, () => keepAsking(listReviews, { product_id: 1, page: many / 5 })),
    ...Array.from({ length: 20 }, () => keepAsking(listQuestions, { product_id: heavy.answers })),
  ])
  try {
    for (let round = 0; round < 20; round += 1) {
      const ids = Array.from({ length: 100 }, (_, index) => 100 + round * 100 + index)
      await Promise.all(
        ids.flatMap((product_id) => [ask(listReviews, { product_id }), ask(listQuestions, { product_id })]),
      )
    }
  } finally {
    load.isOver = true
    await others
  }
})
