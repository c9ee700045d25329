import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { unknownAnswer, unknownQuestion, unknownReview } from '../failure.ts'
import { call } from '../test/call.ts'

const fixture = useFixture()
const kinds = [
  ['Review', 4, 'listReviews', 'listReportedReviews', unknownReview],
  ['Question', 3, 'listQuestions', 'listReportedQuestions', unknownQuestion],
  ['Answer', 3, 'listAnswers', 'listReportedAnswers', unknownAnswer],
] as const

test.each(kinds)('a restored %s is shown again, and its reports count from 0', async (kind, id, list, queue) => {
  const name = `${kind.toLowerCase()}_id`
  const isIn = async (operation: typeof list | typeof queue) =>
    JSON.stringify(await call(fixture.db, operation, { count: 50 })).includes(`"${name}":${id},`)
  const restore = () => call(fixture.db, `restore${kind}`, { [name]: id })
  await call(fixture.db, `report${kind}`, { [name]: id })
  expect([await isIn(list), await isIn(queue)]).toEqual([false, true])
  for (let times = 0; times < 2; times += 1) expect(await restore()).toBeUndefined()
  expect([await isIn(list), await isIn(queue)]).toEqual([true, false])
  await call(fixture.db, `report${kind}`, { [name]: id })
  expect(await call(fixture.db, queue, { count: 50 })).toMatchObject([{ [name]: id, reports: 1, reported: true }])
})

test.each(kinds)('to restore a %s fails for an id that names none', async (kind, _id, _list, _queue, unknown) => {
  expect(await call(fixture.db, `restore${kind}`, { [`${kind.toLowerCase()}_id`]: 999 })).toBe(unknown)
})
