import { migrate } from '../../db/index.ts'
import { createTemporaryDatabase, runStatements, type TemporaryDatabase } from '../databases.ts'

const each = 16
const numbers = (from: number): number[] => Array.from({ length: each }, (_, index) => from + index)

/** Ids of products with 5 reviews each, and of as many with 100 000. */
export const skewedProducts = { few: numbers(1), many: numbers(1 + each) }

/** Creates a database of those products on a server. */
export const createSkewedDatabase = async (server: string): Promise<TemporaryDatabase> => {
  const database = await createTemporaryDatabase(server, 'skewed')
  console.error(`Making ${each} products with 100 000 reviews each, for this measurement.`)
  await migrate(database.url)
  await runStatements(database.url, insertProducts, 'vacuum analyze')
  return database
}

const insertProducts = `
  insert into products (product_id, name, slogan, description, category, default_price)
    select n, 'name', 'slogan', 'description', 'category', 10 from generate_series(1, ${2 * each}) n;
  insert into characteristics (product_id, name)
    select product_id, described.name from products, unnest('{Fit,Length,Comfort,Quality}'::text[]) as described(name);
  insert into reviews (product_id, rating, date, summary, body, recommend, reported, reviewer_name, helpfulness)
    select product_id, 1 + n * 7 % 5, date '2020-01-01' + n * 31 % 1500, 'summary of ' || n, repeat('body ', 60),
      n % 3 > 0, n % 100 = 7, 'name' || n, n * 13 % 97
    from products, lateral generate_series(1, case when product_id <= ${each} then 5 else 100000 end) n;
  insert into characteristic_reviews (characteristic_id, review_id, product_id, value)
    select characteristic_id, review_id, product_id, 1 + review_id % 5
    from reviews join characteristics using (product_id) where name = 'Fit';
  call rebuild_review_totals();
  call rebuild_product_documents()`
