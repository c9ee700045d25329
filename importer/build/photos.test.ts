import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '../../db/connect.ts'
import { findInconsistent } from '../../db/verify.ts'
import { run } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import {
  answer,
  answers,
  productsOf,
  question,
  questions,
  stoppedAt,
  useImporter,
  type Files,
} from '../test/importer.ts'

const importer = useImporter()
let api: Database
beforeAll(() => (api = connect(importer.url)))
afterAll(() => api.end())

const photosOf = (...rows: readonly (readonly [id: number, of: number])[]) =>
  ['id,answer_id,url', ...rows.map(([id, of]) => `${id},${of},"https://p/${id}"`)].join('\n')

const set: Files = {
  'product.csv': productsOf(1),
  'reviews.csv':
    'id,product_id,rating,date,summary,body,recommend,reported,reviewer_name,reviewer_email,response,helpfulness\n' +
    [1, 2].map((id) => `${id},1,5,1596080481467,"Great","Warm",true,false,"ann",null,null,8`).join('\n'),
  'reviews_photos.csv': 'id,review_id,url\n9,2,"https://p/9"\n4,2,"https://p/4"',
  'questions.csv': questions(question(1, 1)),
  'answers.csv': answers(answer(1, 1), answer(2, 1), answer(3, 1)),
  'answers_photos.csv': photosOf([2, 3], [1, 3], [3, 1]),
}

const shown = (table: string, columns: string) => importer.stored(table, columns, '1 limit 9')
const json = (rows: unknown[][]) => rows.map(([id, ...texts]) => [id, ...texts.map((text) => JSON.parse(String(text)))])
const urls = (...ids: readonly number[]) => ids.map((id) => `https://p/${id}`)

test('rows show their photos by id, and none where they have none', async () => {
  await importer.run(set)
  expect(json(await shown('reviews', 'review_id, photos'))).toEqual([
    [1, []],
    [
      2,
      [
        { id: 4, url: 'https://p/4' },
        { id: 9, url: 'https://p/9' },
      ],
    ],
  ])
  expect(json(await shown('answers', 'answer_id, photo_urls'))).toEqual([
    [1, urls(3)],
    [2, []],
    [3, urls(1, 2)],
  ])
  expect(await findInconsistent(importer.sql)).toEqual([])
})

test('photos that come alone are shown by rows that are there, and only by those that they belong to', async () => {
  await importer.run(set)
  const { report } = await importer.run({ 'answers_photos.csv': photosOf([3, 2], [5, 2], [6, 3]) })
  expect(report['answers_photos.csv']).toMatchObject({ loaded: 3, rejected: 0 })
  expect(json(await shown('answers', 'answer_id, photo_urls'))).toEqual([
    [1, []],
    [2, urls(3, 5)],
    [3, urls(1, 2, 6)],
  ])
  expect(await findInconsistent(importer.sql)).toEqual([])
})

test.each(['putting photos into rows', 'building indexes', 'replacing the live tables'] as const)(
  'what is written to a row before %s stays, as do the photos that a file gives it',
  async (phase) => {
    await importer.run(set)
    const folder = await importer.write({ 'answers_photos.csv': photosOf([7, 1], [8, 2]) })
    await expect(importer.load(folder, { progress: stoppedAt(phase) })).rejects.toThrow(`Stopped at ${phase}.`)
    for (const answer_id of [1, 3]) await run(endpoints.markAnswerHelpful, api.db, { answer_id })
    const { example } = endpoints.addAnswer
    expect(await run(endpoints.addAnswer, api.db, { ...example, question_id: 1 })).toBe('Created')
    await importer.load(folder)

    const list = await run(endpoints.listAnswers, api.db, { question_id: 1 })
    expect(
      'results' in list && list.results.map(({ helpfulness, photos }) => [helpfulness, photos.map(({ url }) => url)]),
    ).toEqual([
      [2, urls(3, 7)],
      [2, urls(1, 2)],
      [1, urls(8)],
      [0, example.photos],
    ])
    expect(await findInconsistent(importer.sql)).toEqual([])
  },
)
