import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../db/connect.ts'
import { findInconsistent } from '../../db/verify.ts'
import { run } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import type { Phase } from '../progress.ts'
import {
  answers,
  contentOf,
  productsOf,
  questions,
  reviews,
  stoppedAt,
  useImporter,
  type Files,
} from '../test/importer.ts'

const importer = useImporter()
let api: Database
beforeAll(() => (api = connect(importer.url)))
afterAll(() => api.end())

const review = (id: number) => `${id},1,${id},1596080481467,"Great","body",true,true,"ann","Ann@mail.example",null,8`
const question = (id: number) => `${id},1,"Warm?",1595884714409,"eve","eve@mail.example",1,1`
const answer = (id: number, question: number) => `${id},${question},"Yes",1595884714409,"ann","ann@mail.example",1,1`

/** Rows 1 to 3 of each kind, with what belongs to them. */
const files: Files = {
  'product.csv': productsOf(1),
  'reviews.csv': reviews(review(1), review(2), review(3)),
  'reviews_photos.csv': 'id,review_id,url\n1,1,"https://p/1"\n2,2,"https://p/2"',
  'characteristics.csv': 'id,product_id,name\n1,1,"Fit"',
  'characteristic_reviews.csv': 'id,characteristic_id,review_id,value\n1,1,1,4\n2,1,2,3\n3,1,3,2',
  'questions.csv': questions(question(1), question(2), question(3)),
  'answers.csv': answers(answer(1, 1), answer(2, 2), answer(3, 3), answer(4, 3)),
  'answers_photos.csv': 'id,answer_id,url\n1,1,"https://p/1"\n2,3,"https://p/2"',
}
/** Files that name none of these rows, which are carried over. */
const others: Files = {
  'product.csv': productsOf(1, 2),
  'reviews.csv': reviews(review(5)),
  'questions.csv': questions(question(5)),
  'answers.csv': answers(answer(5, 5)),
}

const moderate = async (): Promise<void> => {
  const { db } = api
  expect(await run(endpoints.removeReview, db, { review_id: 1 })).toBeUndefined()
  expect(await run(endpoints.restoreReview, db, { review_id: 2 })).toBeUndefined()
  expect(await run(endpoints.respondToReview, db, { review_id: 2, response: 'Thanks' })).toBeUndefined()
  expect(await run(endpoints.reportReview, db, { review_id: 3 })).toBeUndefined()
  expect(await run(endpoints.removeQuestion, db, { question_id: 1 })).toBeUndefined()
  expect(await run(endpoints.removeAnswer, db, { answer_id: 3 })).toBeUndefined()
  expect(await run(endpoints.restoreAnswer, db, { answer_id: 4 })).toBeUndefined()
  expect(await run(endpoints.erasePerson, db, { email: 'ANN@mail.example' })).toMatchObject({ answers: 2 })
}

/** Expects the state that `moderate` leaves, whenever it ran. */
const expectRemoved = async (): Promise<void> => {
  const { sql } = importer
  expect(await findInconsistent(sql)).toEqual([])
  const [row] = await sql`
    select
      (select json_agg(review_id order by review_id) from reviews where review_id < 5) as reviews,
      (select json_agg(photo_id order by photo_id) from review_photos) as photos,
      (select json_agg(characteristic_review_id order by 1) from characteristic_reviews) as ratings,
      (select json_agg(question_id order by question_id) from questions where question_id < 5) as questions,
      (select json_agg(answer_id order by answer_id) from answers where answer_id < 5) as answers,
      (select count(*)::int from answer_photos) as answer_photos,
      (select count(*)::int from reviews where reviewer_email is not null or reviewer_name = 'ann') as persons,
      (select count(*)::int from answers where answerer_email is not null or answerer_name = 'ann') as answerers,
      (select count(*)::int from questions where asker_email = 'eve@mail.example') as others`
  const parsed = Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [name, typeof value === 'string' ? JSON.parse(value) : value]),
  )
  expect(parsed).toMatchObject({
    reviews: [2, 3],
    photos: [2],
    questions: [2, 3],
    answers: [2, 4],
    answer_photos: 0,
    persons: 0,
    answerers: 0,
  })
  expect(parsed.ratings).toHaveLength(2)
  expect(parsed.others).toBeGreaterThanOrEqual(2)
}

test.each([false, true])(
  'what was removed or erased does not come back with its files (fresh: %s)',
  async (isFresh) => {
    await importer.run(files)
    await moderate()
    await importer.run(files, { isFresh })
    await expectRemoved()
  },
)

const phases: readonly Phase[] = [
  'loading rows',
  'carrying over live rows',
  'putting photos into rows',
  'building indexes',
  'building derived tables',
  'checking references',
  'replacing the live tables',
]

describe.each(phases)('moderation before the phase %s', (phase) => {
  const importAround = async (second: Files, isFresh = false): Promise<void> => {
    await importer.run(files)
    const folder = await importer.write(second)
    const stopped = importer.load(folder, { progress: stoppedAt(phase), isFresh })
    await expect(stopped).rejects.toThrow(`Stopped at ${phase}.`)
    await moderate()
    await importer.load(folder, { isFresh })
  }

  test('holds for rows that are carried over, as if it had been done before', async () => {
    await importAround(others)
    await expectRemoved()
    expect(await importer.stored('reviews', 'review_id, reported, reports, response', '1')).toEqual([
      [2, false, 0, 'Thanks'],
      [3, true, 1, null],
      [5, true, 0, null],
    ])
    expect(await importer.stored('answers', 'answer_id, reported', '1')).toEqual([
      [2, true],
      [4, false],
      [5, true],
    ])
    const content = await contentOf(importer.sql)
    await importer.empty()
    await importer.run(files)
    await moderate()
    await importer.run(others)
    expect(await contentOf(importer.sql)).toEqual(content)
  })

  test('removes and erases rows of the files too', async () => {
    await importAround(files)
    await expectRemoved()
  })

  if (phase !== 'carrying over live rows')
    test('removes and erases rows of a fresh set too', async () => {
      await importAround(files, true)
      await expectRemoved()
    })
})

test('a row that is deleted by hand while an import runs stays so, unless a file names it', async () => {
  await importer.run(files)
  const folder = await importer.write({ 'product.csv': productsOf(1), 'questions.csv': questions(question(2)) })
  const stopped = importer.load(folder, { progress: stoppedAt('replacing the live tables') })
  await expect(stopped).rejects.toThrow('Stopped')
  await importer.sql`delete from answer_photos`
  await importer.sql`delete from answers`
  await importer.sql`delete from questions`
  await importer.load(folder)
  expect(await importer.stored('questions', 'question_id', '1')).toEqual([[2]])
  expect(await importer.stored('answers', 'answer_id', '1')).toEqual([])
})

test('a question is removed while files of its answers alone are imported, and takes these along', async () => {
  await importer.run(files)
  const folder = await importer.write({ 'answers.csv': answers(answer(1, 1), answer(6, 1), answer(7, 2)) })
  const stopped = importer.load(folder, { progress: stoppedAt('replacing the live tables') })
  await expect(stopped).rejects.toThrow('Stopped')
  expect(await run(endpoints.removeQuestion, api.db, { question_id: 1 })).toBeUndefined()
  await importer.load(folder)
  expect(await importer.stored('answers', 'answer_id', '1')).toEqual([[2], [3], [4], [7]])
})

test('reviews are counted that are written and removed while characteristics alone are imported', async () => {
  await importer.run(files)
  const folder = await importer.write({ 'characteristics.csv': 'id,product_id,name\n1,1,"Width"' })
  const stopped = importer.load(folder, { progress: stoppedAt('replacing the live tables') })
  await expect(stopped).rejects.toThrow('Stopped')
  await run(endpoints.addReview, api.db, { ...endpoints.addReview.example, characteristics: { '1': 5 } })
  await run(endpoints.removeReview, api.db, { review_id: 1 })
  await importer.load(folder)
  expect(await importer.stored('reviews', 'count(*)::int', '1')).toEqual([[3]])
  expect(await findInconsistent(importer.sql)).toEqual([])
})

test('a person who writes again after an erasure is not made anonymous by an import', async () => {
  await importer.run(files)
  await moderate()
  await run(endpoints.addReview, api.db, { ...endpoints.addReview.example, email: 'ann@mail.example' })
  await importer.run(others)
  expect(await importer.sql`select reviewer_email from reviews where reviewer_email is not null`).toEqual([
    { reviewer_email: 'ann@mail.example' },
  ])
})
