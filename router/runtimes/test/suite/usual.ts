import { type Endpoint, isForAdmin } from '../../../../handlers/endpoint.ts'
import { endpoints } from '../../../../handlers/index.ts'
import { buildRequest } from '../../../test/buildRequest.ts'
import { addQuestion, addReview, answer, bearer, group, interaction, json, type SuiteRequest } from './request.ts'

const operations = Object.entries<Endpoint>(endpoints).map(([name, endpoint]): SuiteRequest => {
  // Moderation is off without its token.
  const status = isForAdmin(endpoint) ? 404 : endpoint.status
  return { group: 'operations', name, status, headers: bearer, ...buildRequest(endpoint) }
})

/** The example of each operation, and what clients send every day. */
export const usual: readonly SuiteRequest[] = [
  ...operations,
  ...group('reads', [
    [200, 'GET', '/products'],
    [200, 'GET', '/products?page=2&count=3'],
    [200, 'GET', '/products?count=0'],
    [200, 'GET', '/products?count=5000'],
    [200, 'GET', '/products/1/'],
    [200, 'GET', '/products/0001'],
    [200, 'GET', '/products/%31'],
    [200, 'GET', '/api/products/1'],
    [200, 'GET', '/api/fec2/hr-lax/products/1'],
    [200, 'GET', '/products/3/styles'],
    [200, 'GET', '/products/1/related'],
    [200, 'GET', '/reviews?product_id=1&sort=newest&count=2'],
    [200, 'GET', '/reviews?product_id=1&sort=helpful'],
    [200, 'GET', '/reviews?product_id=1&sort=%27%3B%20drop%20table%20x%3B--'],
    [200, 'GET', '/reviews?product_id=1&product_id=abc', { name: 'a parameter that is repeated' }],
    [200, 'GET', '/reviews?product_id=1&__proto__=1&utm=%F0%9F%91%9F'],
    [200, 'GET', '/reviews?product_id=2147483647&page=2147483647&count=2147483647'],
    [200, 'GET', '/qa/questions?product_id=1&count=100'],
    [200, 'GET', '/qa/questions/1/answers?count=1&page=2'],
    [200, 'GET', '/cart', { headers: { cookie: 's_id=abc' } }],
    [200, 'GET', '/cart'],
    [200, 'HEAD', '/products/1'],
    [404, 'HEAD', '/products/999'],
    [304, 'GET', '/products/1', { headers: { 'if-none-match': '*' } }],
    [200, 'GET', '/products/1', { headers: { 'if-none-match': '"other"' } }],
    [200, 'GET', '/products/1', { headers: { 'content-encoding': 'gzip', 'content-type': 'x' } }],
    [200, 'GET', '/livez'],
    [200, 'GET', '/readyz'],
    [200, 'GET', '/openapi.json'],
    [200, 'GET', '/api/openapi.json'],
    [200, 'GET', '/docs', { name: 'the page' }],
  ]),
  ...group('writes', [
    [201, 'POST', '/reviews', json({ ...addReview.example, product_id: 3, body: 'Größe 42 👟' })],
    [200, 'GET', '/reviews?product_id=3'],
    [201, 'POST', '/qa/questions', json({ ...addQuestion.example, product_id: 3 })],
    [200, 'GET', '/qa/questions?product_id=3'],
    [201, 'POST', '/qa/questions/1/answers', json(answer)],
    [200, 'GET', '/qa/questions/1/answers'],
    [201, 'POST', '/api/fec2/hr-rfp/qa/questions/2/answers/', json({ ...answer, question_id: 999 })],
    [204, 'PUT', '/reviews/1/helpful'],
    [204, 'PUT', '/reviews/1/helpful', { body: '{"helpfulness":' }],
    [204, 'PUT', '/reviews/3/report', { body: '[]' }],
    [204, 'PUT', '/qa/questions/1/helpful'],
    [204, 'PUT', '/qa/questions/4/report'],
    [204, 'PUT', '/qa/answers/1/helpful'],
    [204, 'PUT', '/qa/answers/4/report'],
    [200, 'GET', '/reviews?product_id=1&sort=helpful'],
    [201, 'POST', '/cart', { ...json({ sku_id: 3 }), headers: { authorization: 'Bearer suite' } }],
    [201, 'POST', '/cart', { ...json({ sku_id: '3' }), headers: { authorization: 'suite' } }],
    [200, 'GET', '/cart', { headers: { authorization: 'suite' } }],
    [201, 'POST', '/cart', json({ sku_id: 3 })],
    [201, 'POST', '/interactions', { ...json(interaction), headers: { 'content-type': 'text/plain' } }],
    [201, 'POST', '/interactions', { body: JSON.stringify(interaction).padEnd(65_536) }],
    [201, 'POST', '/interactions', { ...json(interaction), headers: { 'idempotency-key': 'a'.repeat(32) } }],
    [201, 'POST', '/interactions', { ...json(interaction), headers: { 'idempotency-key': 'a'.repeat(32) } }],
  ]),
]
