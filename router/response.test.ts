import { expect, test } from 'vitest'
import { httpFailures } from '../handlers/failure.ts'
import { endpoints } from '../handlers/index.ts'
import { errorResponse, problemDetails, responseFormat } from './response.ts'

test.each(Object.values(httpFailures))('the title of $code is the reason phrase of its status', (failure) => {
  expect(problemDetails(failure).title).not.toBe('Error')
})

test('a write that stores is answered by a text, one that only changes by nothing, and a read by JSON', () => {
  const { addReview, markReviewHelpful, getReviewMeta } = endpoints
  expect([addReview, markReviewHelpful, getReviewMeta].map(responseFormat)).toEqual(['text', 'empty', 'json'])
})

test('who asks too much is told when to come back, and who asks for nothing is not', () => {
  const retryAfter = (failure: keyof typeof httpFailures) =>
    errorResponse(new Request('http://shop.example/'), httpFailures[failure]).headers.get('retry-after')
  expect([retryAfter('tooManyRequests'), retryAfter('unavailable'), retryAfter('unknownRoute')]).toEqual([
    '1',
    '1',
    null,
  ])
})
