import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpoints } from '../handlers/index.ts'
import type { Endpoint } from '../handlers/endpoint.ts'
import { client, type Sql } from './client.ts'
import { planning } from './pool/openPool.ts'
import { createDatabase, type TestDatabase } from './test/database.ts'
import { type Asked, askedBy, explain, nodesOf } from './test/explain.ts'

let own: TestDatabase
let sql: Sql
beforeAll(async () => {
  own = await createDatabase()
  sql = client(own.url, { max: 1, connection: planning })
  await sql`
    insert into products select n, 'name', 'slogan', 'description', 'category', 10 from generate_series(1, 1000) n;
    insert into reviews (product_id, rating, summary, body, recommend, reviewer_name, helpfulness, date)
      select 1 + n % 1000, 1 + n % 5, 'summary', 'body', true, 'name', n % 17, date '2024-01-01' + n % 400
      from generate_series(1, 30000) n;
    insert into review_photos (review_id, product_id, url) select 1 + n, 1, 'url' from generate_series(1, 9000) n;
    insert into questions (product_id, question_body, asker_name, question_helpfulness)
      select 1 + n % 1000, 'body', 'name', n % 13 from generate_series(1, 20000) n;
    insert into answers (question_id, product_id, body, answerer_name, helpfulness)
      select 1 + n % 20000, 1, 'body', 'name', n % 11 from generate_series(1, 40000) n;
    insert into answer_photos (answer_id, product_id, url) select 1 + n, 1, 'url' from generate_series(1, 9000) n;
    insert into cart_items (cart, sku_id) select sha256(n::text::bytea), 1 from generate_series(1, 20000) n;
    insert into characteristics (product_id, name) select 1 + n % 1000, 'Fit' from generate_series(1, 1000) n;
    call rebuild_product_documents();
    call rebuild_review_totals();
    update reviews set reports = review_id % 7 where review_id % 9 = 0;
    update questions set reports = question_id % 7 where question_id % 9 = 0;
    update answers set reports = answer_id % 7 where answer_id % 9 = 0;
    insert into style_documents select n, '[]' from generate_series(1, 1000) n;
    analyze`.simple()
})
afterAll(async () => {
  await sql.end({ timeout: 5 })
  await own.drop()
})

const reads = Object.entries(endpoints).filter(([, { method }]) => method === 'get')
const sorts = ['newest', 'helpful', 'relevant'].map((sort) => [`listReviews ${sort}`, endpoints.listReviews, { sort }])

const moderations = ['erasePerson', 'removeReview', 'removeQuestion', 'removeAnswer', 'restoreReview'] as const

const nodesFor = async (asked: Asked): Promise<string[]> =>
  nodesOf(await explain(sql, asked)).map(
    (node) => `${node['Node Type']} ${node['Relation Name'] ?? node['Sort Key']?.join() ?? ''}`,
  )

test.each([...reads.map(([name, endpoint]) => [name, endpoint, {}]), ...sorts] as [string, Endpoint, object][])(
  '%s reads no whole table, and sorts nothing that an index can give in order',
  async (_name, endpoint, input) => {
    for (const asked of await askedBy(endpoint, { ...endpoint.example, page: 5, count: 5, ...input })) {
      const nodes = await nodesFor(asked)
      expect(nodes.filter((node) => /^Seq Scan|^Hash/.test(node))).toEqual([])
      // One caller's cart is aggregated and sorted, and so are the questions of a heavy page.
      expect(nodes.filter((node) => /Sort/.test(node) && !/item_id|sku_id|place/.test(node))).toEqual([])
    }
  },
)

test.each(moderations)('%s reads no whole table', async (name) => {
  const endpoint: Endpoint = endpoints[name]
  for (const asked of await askedBy(endpoint, endpoint.example))
    expect((await nodesFor(asked)).filter((node) => /^Seq Scan|^Hash/.test(node))).toEqual([])
})
