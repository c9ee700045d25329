import {
  addQuestion,
  addReview,
  answer,
  bearer,
  group,
  interaction,
  json,
  problem,
  type Row,
  type SuiteRequest,
} from './request.ts'

const ids = ['0', '-1', '1e3', '0x10', '2147483648', '%00', '%20', 'undefined', '1.5', '%ED%A0%80']

/** Requests that are refused, each for a reason of its own. */
export const refused: readonly SuiteRequest[] = [
  ...group('ids', [
    ...ids.map((id): Row => [404, 'GET', `/products/${id}`]),
    ...ids.map((id): Row => [id === '0' ? 200 : 422, 'GET', `/reviews?product_id=${id}`]),
  ]),
  ...group('failures', [
    [404, 'GET', '/products/999'],
    [404, 'GET', '/products/x/styles'],
    [404, 'GET', '/products/x/related'],
    [422, 'GET', '/reviews/meta?product_id=x', { headers: problem }],
    [422, 'GET', '/reviews', { headers: problem }],
    [404, 'PUT', '/reviews/999/helpful', { headers: problem }],
    [404, 'PUT', '/reviews/x/report'],
    [404, 'PUT', '/qa/questions/999/helpful', { headers: problem }],
    [404, 'PUT', '/qa/answers/999/report', { headers: problem }],
    [404, 'POST', '/qa/questions/999/answers', { ...json(answer), headers: problem }],
    [404, 'POST', '/cart', { ...json({ sku_id: 999 }), headers: { ...problem, ...bearer } }],
    [422, 'POST', '/cart', { ...json({}), headers: { ...problem, ...bearer } }],
    [422, 'POST', '/reviews', { ...json({ ...addReview.example, rating: 6 }), headers: problem }],
    [422, 'POST', '/qa/questions', { ...json({ ...addQuestion.example, email: 'x' }), headers: problem }],
    [422, 'POST', '/qa/questions/1/answers', { ...json({ ...answer, photos: ['javascript:x'] }), headers: problem }],
    [422, 'POST', '/interactions', { ...json({ element: 1 }), headers: problem }],
    [422, 'GET', '/api/fec2/%00/products', { headers: problem }],
    [422, 'POST', '/reviews', { body: '' }],
    [400, 'POST', '/reviews', { body: '{"a":', headers: problem }],
    [400, 'POST', '/reviews', { body: '{"__proto__":{}}' }],
    [400, 'POST', '/reviews', { body: '['.repeat(1000) + ']'.repeat(1000) }],
    [
      403,
      'POST',
      '/cart',
      { ...json({ sku_id: 1 }), headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } },
    ],
    [404, 'GET', '/nowhere', { headers: { ...problem, 'x-request-id': '0af7651916cd43dd' } }],
    [404, 'GET', '/docs/assets/package.json'],
    [405, 'DELETE', '/products/1', { headers: problem }],
    [405, 'PATCH', '/reviews'],
    [405, 'POST', '/products/1', { body: '{}' }],
    [413, 'POST', '/interactions', { body: ' '.repeat(65_537), headers: problem }],
    [
      422,
      'POST',
      '/interactions',
      { ...json({ ...interaction, time: 'd' }), headers: { ...problem, 'idempotency-key': 'a'.repeat(32) } },
    ],
  ]),
]
