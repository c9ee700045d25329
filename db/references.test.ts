import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sql } from './client.ts'
import { createDatabase, type TestDatabase } from './test/database.ts'

let own: TestDatabase
let sql: Sql
beforeAll(async () => {
  own = await createDatabase()
  sql = own.sql
  await sql`
    insert into products select n, 'name', 'slogan', 'description', 'category', 10 from generate_series(1, 2000) n;
    insert into characteristics (product_id, name) select n, 'Fit' from generate_series(1, 2000) n;
    insert into reviews (product_id, rating, summary, body, recommend, reviewer_name)
      select 1 + n / 50, 5, 'summary', 'body', true, 'name' from generate_series(0, 99999) n;
    insert into characteristic_reviews (characteristic_id, review_id, product_id, value)
      select 1 + n / 100, 1 + n / 2, 1 + n / 100, 1 + n % 5 from generate_series(0, 199999) n`.simple()
  await sql`vacuum analyze`.simple()
})
afterAll(() => own.drop())

test('every reference has an index on its side that leaves out no rows', async () => {
  const lacking = await sql`
    select conrelid::regclass::text as table, conname as name from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace and not exists (
      select from pg_index
      where indrelid = conrelid and indisvalid and indpred is null
        and (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey
    )`
  expect(lacking).toEqual([])
})

test('a review that is deleted with its ratings costs the rows beside them, not the table', async () => {
  const reserved = await sql.reserve()
  try {
    // Else the counters would still hold what this connection has read before.
    await reserved`select pg_stat_force_next_flush()`
    await reserved`begin`
    await reserved`delete from characteristic_reviews where review_id = 50000`
    await reserved`delete from reviews where review_id = 50000`
    const read = await reserved`
      select relname as name, seq_tup_read::int + idx_tup_fetch::int as rows from pg_stat_xact_user_tables
      where relname in ('characteristic_reviews', 'review_photos', 'reviews') and seq_tup_read + idx_tup_fetch > 20000`
    expect(read).toEqual([])
    expect(await reserved`select count(*)::int as left from characteristic_reviews where review_id = 50000`).toEqual([
      { left: 0 },
    ])
  } finally {
    await reserved`rollback`
    reserved.release()
  }
})
