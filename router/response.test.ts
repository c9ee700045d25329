import { expect, test } from 'vitest'
import { httpFailures } from '../handlers/failure.ts'
import { problemOf } from './response.ts'

test.each(Object.values(httpFailures))('the title of $code is the name of its status', (failure) => {
  expect(problemOf(failure).title).not.toBe('Error')
})
