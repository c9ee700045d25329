import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { reportAnswer } from '../answers/reportAnswer.ts'
import { reportQuestion } from '../questions/reportQuestion.ts'
import { listReviews } from '../reviews/listReviews.ts'
import { reportReview } from '../reviews/reportReview.ts'
import { listReportedAnswers } from './listReportedAnswers.ts'
import { listReportedQuestions } from './listReportedQuestions.ts'
import { listReportedReviews } from './listReportedReviews.ts'

const fixture = useFixture()
const report = (review_id: number, times = 1, reports_to_hide = 1) =>
  Promise.all(Array.from({ length: times }, () => run(reportReview, fixture.db, { review_id, reports_to_hide })))
const reviews = async (input: object = {}) => {
  const rows = await run(listReportedReviews, fixture.db, input)
  return Array.isArray(rows) ? rows.map(({ review_id, reports, reported }) => [review_id, reports, reported]) : rows
}

test('shows a reported review with its photos, and with who wrote it', async () => {
  await report(2)
  expect(await run(listReportedReviews, fixture.db, { count: 1 })).toEqual([
    {
      review_id: 2,
      product_id: 1,
      reports: 1,
      reported: true,
      rating: 2,
      summary: 'Stiff',
      body: 'Stiff in the cold.',
      response: 'It softens with wear.',
      date: '2023-03-01T00:00:00.000Z',
      reviewer_name: 'skipper',
      reviewer_email: 'skipper@mail.example',
      photos: [
        { id: 1, url: 'https://photos.example/r1.jpg' },
        { id: 2, url: 'https://photos.example/r2.jpg' },
      ],
    },
  ])
})

test('shows a reported question and a reported answer, with who wrote them', async () => {
  await run(reportQuestion, fixture.db, { question_id: 3 })
  expect(await run(listReportedQuestions, fixture.db, {})).toMatchObject([
    { question_id: 3, product_id: 1, reports: 1, reported: true, asker_email: 'spammer@mail.example' },
  ])
  await run(reportAnswer, fixture.db, { answer_id: 2 })
  expect(await run(listReportedAnswers, fixture.db, { count: 1 })).toMatchObject([
    { answer_id: 2, question_id: 1, reports: 1, answerer_email: 'stoker@mail.example', photos: [{ id: 1 }, { id: 2 }] },
  ])
})

test('counts reports, and lists the most reported or the oldest first, a page at a time', async () => {
  await report(1, 3)
  await report(5, 2)
  await report(2, 3)
  const all = [
    [1, 3, true],
    [2, 3, true],
    [5, 2, true],
    // Reported before reports were counted.
    [4, 0, true],
  ]
  expect(await reviews()).toEqual(all)
  expect(await reviews({ count: 3 })).toEqual(all.slice(0, 3))
  expect(await reviews({ count: 3, page: '2' })).toEqual(all.slice(3))
  expect(await reviews({ order: 'oldest' })).toEqual([all[0], all[2], all[1], all[3]])
})

test('a review that was not reported often enough is in the queue, and in the lists', async () => {
  const isListed = async () =>
    JSON.stringify(await run(listReviews, fixture.db, { product_id: 1 })).includes('"review_id":1,')
  await report(1, 2, 3)
  expect(await reviews()).toEqual([
    [1, 2, false],
    [4, 0, true],
  ])
  expect(await isListed()).toBe(true)
  await report(1, 1, 3)
  expect(await reviews({ count: 1 })).toEqual([[1, 3, true]])
  expect(await isListed()).toBe(false)
})

test.each([{ page: 0 }, { page: 101 }, { count: 51 }, { order: 'newest' }])('refuses %j', async (input) => {
  expect(await run(listReportedReviews, fixture.db, input as object)).toMatchObject({
    status: 422,
    code: 'invalid_parameter',
  })
})
