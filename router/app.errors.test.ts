import { expect, test } from 'vitest'
import { useApi } from './test/api.ts'

const api = useApi()

const send = async (method: string, path: string, body?: unknown) => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await api.request(path, init)
  return `${response.status} ${await response.text()}`
}
const review = {
  product_id: 1,
  rating: 5,
  summary: 's',
  body: 'b',
  recommend: true,
  name: 'n',
  email: 'n@mail.example',
}
const question = { product_id: 1, body: 'b', name: 'n', email: 'n@mail.example' }
const answer = { body: 'b', name: 'n', email: 'n@mail.example', photos: [] }

test.each(['/reviews', '/reviews/meta', '/qa/questions'])(
  'a product_id that is missing or no integer is a 422 on %s',
  async (path) => {
    const refusal = '422 Error: invalid product_id provided'
    for (const query of [
      '',
      '?product_id=',
      '?product_id=abc',
      '?product_id=1.5',
      '?product_id=undefined',
      '?page=2',
    ]) {
      expect(await send('GET', path + query)).toBe(refusal)
    }
  },
)

test('an invalid review, question or answer is a 422 that names which', async () => {
  expect(await send('POST', '/reviews', { ...review, rating: 6 })).toBe(
    '422 Error: Review body contains invalid entries',
  )
  expect(await send('POST', '/qa/questions', { ...question, email: 'nobody' })).toBe(
    '422 Error: Question body contains invalid entries',
  )
})

test('the text of an invalid answer ends in its faults, with commas and without a space before them', async () => {
  const path = '/qa/questions/1/answers'
  const text = '422 Error: Answer body contains invalid entries'
  expect(await send('POST', path, { ...answer, name: '' })).toBe(`${text}username text is required`)
  expect(await send('POST', path, { ...answer, email: 'nobody' })).toBe(`${text}email must be valid`)
  expect(await send('POST', path, { ...answer, photos: 'x' })).toBe(`${text}photos must contain text urls`)
  expect(await send('POST', path, { body: 'b', name: '', email: '', photos: [7, 'x'] })).toBe(
    `${text}username text is required,email must be valid,photos must contain text urls`,
  )
})

test('a question, answer or review id in the path that is no integer is a 404', async () => {
  expect(await send('GET', '/qa/questions/abc/answers')).toBe('404 Error: invalid question id provided')
  expect(await send('POST', '/qa/questions/abc/answers', answer)).toBe('404 Error: invalid question id provided')
  for (const verb of ['helpful', 'report']) {
    expect(await send('PUT', `/qa/questions/abc/${verb}`)).toBe('404 Error: invalid question id provided')
    expect(await send('PUT', `/qa/answers/1e3/${verb}`)).toBe('404 Error: invalid answer id provided')
    expect(await send('PUT', `/reviews/-1/${verb}`)).toBe('404 Error: invalid review id provided')
  }
})

test('an integer that names nothing is a 404 with the same text on a write', async () => {
  expect(await send('POST', '/qa/questions/999/answers', answer)).toBe('404 Error: invalid question id provided')
  expect(await send('PUT', '/qa/questions/999/helpful')).toBe('404 Error: invalid question id provided')
  expect(await send('PUT', '/qa/answers/999/report')).toBe('404 Error: invalid answer id provided')
  expect(await send('PUT', '/reviews/999/helpful')).toBe('404 Error: invalid review id provided')
  expect(await send('POST', '/reviews', { ...review, product_id: 999 })).toBe('404 Error: invalid product_id provided')
})

test('malformed JSON is a 400, a large body a 413, a missing route a 404', async () => {
  const malformed = await api.request('/reviews', { method: 'POST', body: '{"product_id":' })
  expect([malformed.status, await malformed.text()]).toEqual([400, 'Error: the body is no readable JSON'])
  expect(await send('POST', '/interactions', { element: 'x'.repeat(70_000) })).toBe(
    '413 Error: the body is larger than 64 KiB',
  )
  expect(await send('GET', '/nowhere')).toBe('404 Error: there is nothing at this address')
})

test('a wrong method is a 405 whose Allow names the right ones', async () => {
  const allowed = async (method: string, path: string) => {
    const response = await api.request(path, { method })
    return [response.status, response.headers.get('allow')]
  }
  expect(await allowed('DELETE', '/reviews')).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  expect(await allowed('GET', '/reviews/1/helpful/')).toEqual([405, 'PUT, OPTIONS'])
  expect(await allowed('PATCH', '/api/fec2/hr-rfp/cart')).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  expect(await allowed('PURGE', '/api/products/1')).toEqual([405, 'GET, HEAD, OPTIONS'])
  expect(await allowed('HEAD', '/interactions')).toEqual([405, 'POST, OPTIONS'])
  expect(await allowed('POST', '/livez')).toEqual([405, 'GET, HEAD, OPTIONS'])
})

test('problem details take the place of the text for a caller that accepts them', async () => {
  const response = await api.request('/qa/questions/1/answers', {
    method: 'POST',
    headers: { accept: 'application/json, application/problem+json;q=0.9' },
    body: JSON.stringify({ ...answer, email: 'nobody' }),
  })
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('vary')).toBe('Accept')
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Unprocessable Content',
    status: 422,
    detail: 'Error: Answer body contains invalid entriesemail must be valid',
    code: 'invalid_answer',
    faults: [{ field: 'email', reason: 'email must be valid' }],
    instance: '/qa/questions/1/answers',
  })
})

test('the plain text stays for a caller that rules problem details out', async () => {
  const response = await api.request('/nowhere', { headers: { accept: '*/*, application/problem+json;q=0' } })
  expect(response.headers.get('content-type')).toBe('text/plain; charset=UTF-8')
})
