import { expect, test } from 'vitest'
import { findInconsistent } from '../db/verify.ts'
import { call } from './test/call.ts'
import { expectList, type Row, sortIds, useTies } from './test/ties.ts'

const shop = useTies()
const product_id = 5
const question_id = 2
const dayOf = ({ day }: Row) => `2024-01-0${day}`
/** In another order than the ids. */
const urlOf = (id: number): string => `${id % 7}/${id}`
const listed = (rows: readonly Row[]) => rows.filter(({ reported }) => !reported)

test('products are listed by id', () =>
  shop.checkPages(async (rows, count) => {
    const product = { name: '', slogan: '', description: '', category: '', default_price: 1 }
    await shop.insert(
      'products',
      rows.map(({ id }) => ({ product_id: id, ...product })),
    )
    await shop.sql`call rebuild_product_documents()`
    const list = async (page: object) => (await shop.shownBy('listProducts', page)).map(({ id }) => id)
    await expectList(list, [1, 2, 3, 4, 5, 6, 8, ...sortIds(rows, 'id')], count)
  }))

test.each([
  ['newest', ['-day', '-id']],
  ['helpful', ['-rank', '-day', '-id']],
  ['relevant', ['-rank', '-day', '-id']],
])('reviews that are sorted as %s are in the order %j', (sort, order) =>
  shop.checkPages(async (rows, count) => {
    const review = { product_id, rating: 3, summary: '', body: '', recommend: true, reviewer_name: '' }
    await shop.insert(
      'reviews',
      rows.map((row) => {
        const { id, rank, reported } = row
        return { review_id: id, ...review, date: dayOf(row), reported, helpfulness: rank }
      }),
    )
    const list = async (page: object) =>
      (await shop.shownBy('listReviews', { product_id, sort, ...page })).map(({ review_id }) => review_id)
    await expectList(list, sortIds(listed(rows), ...order), count)
  }),
)

test('questions are listed by helpfulness and then by id, both descending', () =>
  shop.checkPages(async (rows, count) => {
    const question = { product_id, question_body: '', question_date: '2024-01-01', asker_name: '' }
    await shop.insert(
      'questions',
      rows.map(({ id, rank, reported }) => ({ question_id: id, ...question, reported, question_helpfulness: rank })),
    )
    const list = async (page: object) =>
      (await shop.shownBy('listQuestions', { product_id, ...page })).map(({ question_id }) => question_id)
    await expectList(list, sortIds(listed(rows), '-rank', '-id'), count)
  }))

test('answers are listed by helpfulness, descending, and then by id, and all of them with their question', () =>
  shop.checkPages(async (rows, count) => {
    const answer = { question_id, product_id: 1, body: '', date: '2024-01-01', answerer_name: '' }
    await shop.insert(
      'answers',
      rows.map(({ id, rank, reported }) => ({ answer_id: id, ...answer, reported, helpfulness: rank })),
    )
    const list = async (page: object) =>
      (await shop.shownBy('listAnswers', { question_id, ...page })).map(({ answer_id }) => answer_id)
    await expectList(list, sortIds(listed(rows), '-rank', 'id'), count)
    const questions = await shop.shownBy('listQuestions', { product_id: 1 })
    const question = questions.find((question) => question.question_id === question_id) as { answers: object }
    expect(Object.keys(question.answers)).toEqual(sortIds(listed(rows), 'id').map(String))
  }))

test('the photos of a review and of an answer are in the order of their ids', () =>
  shop.check(async (rows) => {
    const photos = rows.map(({ id }) => ({ photo_id: id, product_id: 1, url: urlOf(id) }))
    await shop.insert(
      'review_photos',
      photos.map((photo) => ({ ...photo, review_id: 1 })),
    )
    await shop.insert(
      'answer_photos',
      photos.map((photo) => ({ ...photo, answer_id: 1 })),
    )
    await shop.sql`update reviews set photos = null`
    await shop.sql`update answers set photos = null, photo_urls = null`

    const urls = sortIds(rows, 'id').map(urlOf)
    const reviews = await shop.shownBy('listReviews', { product_id: 1 })
    expect(reviews.find(({ review_id }) => review_id === 1)).toMatchObject({ photos: urls.map((url) => ({ url })) })
    const answers = await shop.shownBy('listAnswers', { question_id: 1 })
    expect(answers.find(({ answer_id }) => answer_id === 1)).toMatchObject({ photos: urls.map((url) => ({ url })) })
    const questions = await shop.shownBy('listQuestions', { product_id: 1 })
    const question = questions.find(({ question_id }) => question_id === 1)
    expect(question).toMatchObject({ answers: { '1': { photos: urls } } })
  }))

test('photos and ratings that are written with a review keep their order, whatever the ids of characteristics', () =>
  shop.check(async (rows) => {
    const names = sortIds(rows, 'id').map((id) => `c${id}`)
    await shop.insert(
      'characteristics',
      rows.map(({ id }) => ({ characteristic_id: id, product_id, name: `c${id}` })),
    )
    const namesInMeta = async () => {
      const { characteristics } = (await call(shop.db, 'getReviewMeta', { product_id })) as { characteristics: object }
      return Object.keys(characteristics)
    }
    const photos = rows.map(({ id }) => `https://photos.example/${id}`)
    const characteristics = Object.fromEntries(rows.map(({ id, rank }) => [id, rank + 1]))
    await call(shop.db, 'addReview', { product_id, photos: photos.slice(0, 5), characteristics })
    expect(await namesInMeta()).toEqual(names)
    const [review] = await shop.shownBy('listReviews', { product_id })
    expect(review).toMatchObject({ photos: photos.slice(0, 5).map((url) => ({ url })) })

    await shop.sql`call rebuild_review_totals()`
    expect(await namesInMeta()).toEqual(names)
    // Sums are kept by their places, which a recount and a review have to agree on.
    await call(shop.db, 'addReview', { product_id, characteristics })
    expect(await findInconsistent(shop.sql)).toEqual([])
  }))
