import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '../../db/connect.ts'
import { findInconsistent } from '../../db/verify.ts'
import { run, type Endpoint } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import {
  answer,
  answers,
  contentOf,
  productsOf,
  question,
  questions,
  stoppedAt,
  reviews,
  useImporter,
  type Files,
} from '../test/importer.ts'

const importer = useImporter()
let api: Database
beforeAll(() => (api = connect(importer.url)))
afterAll(() => api.end())

const review = (id: number, product: number, body: string) =>
  `${id},${product},5,1596080481467,"Great","${body}",true,false,"ann",null,null,8`

const live: Files = {
  'product.csv': productsOf(1, 2),
  'styles.csv': 'id,productId,name,sale_price,original_price,default_style\n1,1,"Green",null,140,1',
  'skus.csv': 'id,styleId,size,quantity\n7,1,"XL",5',
  'reviews.csv': reviews(review(1, 1, 'old'), review(2, 2, 'old')),
  'characteristics.csv': 'id,product_id,name\n1,1,"Fit"\n2,2,"Length"',
  'characteristic_reviews.csv': 'id,characteristic_id,review_id,value\n1,1,1,4\n2,2,2,3',
  'questions.csv': questions(question(1, 1, 'old'), question(2, 2, 'old')),
  'answers.csv': answers(answer(1, 1), answer(2, 2)),
}

/** Files with review 1, question 1 and their children; the others are carried over. */
const files: Files = {
  'product.csv': productsOf(1),
  'reviews.csv': reviews(review(1, 1, 'new')),
  'characteristics.csv': 'id,product_id,name\n1,1,"Fit"',
  'questions.csv': questions(question(1, 1, 'new')),
}

const phases = [
  'loading rows',
  'carrying over live rows',
  'putting photos into rows',
  'building indexes',
  'building derived tables',
  'checking references',
  'replacing the live tables',
] as const

/** One of each write, to rows of the files (1) or to carried-over rows (2). */
const writeTo = async (which: 1 | 2): Promise<void> => {
  const { db } = api
  const key = { review_id: which, question_id: which, answer_id: which, product_id: which, sku_id: 7 }
  const { addReview, addQuestion, addAnswer, addToCart } = endpoints
  const characteristics = { [which]: 5 }
  const recommend = which === 1
  expect(await run(addReview, db, { ...addReview.example, ...key, characteristics, recommend })).toBe('Created')
  expect(await run(addQuestion, db, { ...addQuestion.example, ...key })).toBe('Created')
  expect(await run(addAnswer, db, { ...addAnswer.example, ...key })).toBe('Created')
  expect(await run(addToCart, db, { ...addToCart.example, ...key })).toBe('Created')
  for (const mark of [endpoints.markReviewHelpful, endpoints.markQuestionHelpful, endpoints.markAnswerHelpful])
    expect(await run(mark as Endpoint, db, key)).toBe(undefined)
}

const writeToAll = async (): Promise<void> => {
  await writeTo(1)
  await writeTo(2)
}

test('what is written in any phase is kept and counted as if it had been written before', async () => {
  const [before, folder] = await Promise.all([importer.write(live), importer.write(files)])
  const outcomes = []
  for (const isMeanwhile of [false, true]) {
    await importer.empty()
    await importer.load(before)
    for (const phase of phases) {
      if (isMeanwhile)
        await expect(importer.load(folder, { progress: stoppedAt(phase) })).rejects.toThrow(`Stopped at ${phase}.`)
      await writeToAll()
    }
    await importer.load(folder)
    expect(await findInconsistent(importer.sql)).toEqual([])
    outcomes.push(await contentOf(importer.sql))
  }
  expect(outcomes[1]).toEqual(outcomes[0])

  const times = phases.length
  expect(await importer.stored('reviews', 'review_id, body, helpfulness', '1 limit 2')).toEqual([
    [1, 'new', 8],
    [2, 'old', 8 + times],
  ])
  expect(await importer.stored('questions', 'question_body, question_helpfulness', 'question_id limit 2')).toEqual([
    ['new', 1],
    ['old', 1 + times],
  ])
  // There is no file of answers: answers to a question of the file are carried over too.
  expect(await importer.stored('answers', 'helpfulness', 'answer_id limit 2')).toEqual([[1 + times], [1 + times]])
  expect(await importer.stored('review_totals', 'product_id, votes::text, totals::text', '1')).toEqual([
    [1, `{${1 + times}}`, `{${4 + 5 * times}}`],
    [2, `{${1 + times}}`, `{${3 + 5 * times}}`],
  ])
  for (const [table, rows] of Object.entries({ reviews: 2, review_photos: 0, questions: 2, answers: 2, cart_items: 0 }))
    expect({ table, rows: (await importer.stored(table, '1', '1')).length }).toEqual({ table, rows: rows + 2 * times })
})

test.each(phases)(
  'a review that takes an id of the file before %s gives way to it, and the totals are right',
  async (phase) => {
    await importer.run(live)
    const folder = await importer.write({ ...files, 'reviews.csv': reviews(review(3, 1, 'new')) })
    await expect(importer.load(folder, { progress: stoppedAt(phase) })).rejects.toThrow(`Stopped at ${phase}.`)
    await writeTo(2)
    await importer.load(folder)
    expect(await importer.stored('reviews', 'review_id, product_id, body', '1')).toEqual([
      [1, 1, 'old'],
      [2, 2, 'old'],
      [3, 1, 'new'],
    ])
    expect(await findInconsistent(importer.sql)).toEqual([])
  },
)

test('nothing that was answered is lost while an import runs, and what the files name is theirs', async () => {
  const [before, folder] = await Promise.all([importer.generate(60, 2), importer.generate(30)])
  await importer.load(before)
  const reviews = await importer.stored('reviews', 'review_id, helpfulness', '1')
  const kept = reviews.at(-1) as [number, number]
  const products = [1, 60]
  const over = new AbortController()
  const acknowledged = { reviews: 0, questions: 0, marks: 0 }
  const writer = async () => {
    while (!over.signal.aborted) {
      for (const product_id of products) {
        if ((await run(endpoints.addReview, api.db, { ...endpoints.addReview.example, product_id })) === 'Created')
          acknowledged.reviews += 1
        if ((await run(endpoints.addQuestion, api.db, { ...endpoints.addQuestion.example, product_id })) === 'Created')
          acknowledged.questions += 1
      }
      if ((await run(endpoints.markReviewHelpful, api.db, { review_id: kept[0] })) === undefined)
        acknowledged.marks += 1
    }
  }
  const writers = [writer(), writer(), writer()]
  await importer.load(folder).finally(() => over.abort())
  await Promise.all(writers)

  const { sql } = importer
  expect(acknowledged.marks).toBeGreaterThan(0)
  expect(
    await sql`select count(*)::int as reviews from reviews where body = ${endpoints.addReview.example.body}`,
  ).toEqual([{ reviews: acknowledged.reviews }])
  expect(
    await sql`select count(*)::int as questions from questions where question_body = ${endpoints.addQuestion.example.body}`,
  ).toEqual([{ questions: acknowledged.questions }])
  expect(await sql`select helpfulness from reviews where review_id = ${kept[0]}`).toEqual([
    { helpfulness: kept[1] + acknowledged.marks },
  ])
  expect(await findInconsistent(sql)).toEqual([])
})
