import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildSql } from '../handlers/buildSql.ts'
import type { Db, Lookup } from '../handlers/database.ts'
import { endpoints } from '../handlers/index.ts'
import type { Endpoint } from '../handlers/endpoint.ts'
import { client, type Sql } from './client.ts'
import { planning } from './connect.ts'
import { createDatabase, type TestDatabase } from './test.ts'

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
    insert into style_documents select n, '[]' from generate_series(1, 1000) n;
    analyze`.simple()
})
afterAll(async () => {
  await sql.end({ timeout: 5 })
  await own.drop()
})

/** What an endpoint asks of a database for an input: its lookup and the key. */
const askedBy = async (endpoint: Endpoint, given: object): Promise<[Lookup<object, unknown>, object]> => {
  let asked: [Lookup<object, unknown>, object] | undefined
  const get: Db['get'] = async (lookup, key) => {
    asked = [lookup as Lookup<object, unknown>, key as object]
    return ''
  }
  const run = () => Promise.reject(new Error('An endpoint that reads runs no command.'))
  await endpoint.handle({ get, run }, endpoint.input.parse(given))
  return asked!
}

type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Sort Key'?: string[]; Plans?: Plan[] }
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const planOf = async (endpoint: Endpoint, input: object): Promise<string[]> => {
  const [lookup, key] = await askedBy(endpoint, input)
  const { text, parameters } = buildSql(lookup, [key])
  await sql.unsafe(`prepare asked as ${text}`)
  try {
    const [row] = await sql.unsafe<{ 'QUERY PLAN': string }[]>(
      `explain (format json) execute asked (${parameters.map(quoted).join(', ')})`,
    )
    const [{ Plan }] = JSON.parse(row!['QUERY PLAN']) as [{ Plan: Plan }]
    return nodesOf(Plan).map(
      (node) => `${node['Node Type']} ${node['Relation Name'] ?? node['Sort Key']?.join() ?? ''}`,
    )
  } finally {
    await sql`deallocate asked`.simple()
  }
}

const reads = Object.entries(endpoints).filter(([, { method }]) => method === 'get')
const sorts = ['newest', 'helpful', 'relevant'].map((sort) => [`listReviews ${sort}`, endpoints.listReviews, { sort }])

test.each([...reads.map(([name, endpoint]) => [name, endpoint, {}]), ...sorts] as [string, Endpoint, object][])(
  '%s reads no whole table, and sorts nothing that an index can give in order',
  async (_name, endpoint, input) => {
    const nodes = await planOf(endpoint, { ...endpoint.example, page: 5, count: 5, ...input })
    expect(nodes.filter((node) => /^Seq Scan|^Hash/.test(node))).toEqual([])
    // What one caller put into a cart is summed and put in order by hand.
    expect(nodes.filter((node) => /Sort/.test(node) && !/item_id|sku_id/.test(node))).toEqual([])
  },
)
