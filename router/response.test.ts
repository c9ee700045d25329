import { expect, test } from 'vitest'
import { httpFailures } from '../handlers/failure.ts'
import { problemDetails } from './response.ts'

test.each(Object.values(httpFailures))('the title of $code is the reason phrase of its status', (failure) => {
  expect(problemDetails(failure).title).not.toBe('Error')
})
