import { expect, test } from 'vitest'
import { database } from '../db/connect.ts'
import { createDatabase } from '../db/test/database.ts'
import { run } from '../handlers/endpoint.ts'
import { endpoints } from '../handlers/index.ts'
import { fillIfEmpty, updatePictureUrls } from './demo.ts'

const api = 'http://127.0.0.1:1'

test('every product of the demo shop has the content of a page, and photos that the API serves', async () => {
  const { url, sql, drop } = await createDatabase()
  try {
    // Two processes may start at once.
    await Promise.all([fillIfEmpty(url, api), fillIfEmpty(url, api)])
    const db = database(sql)
    const related = new Set<number>()
    for (let product_id = 1; product_id <= 12; product_id += 1) {
      related.add(product_id)
      for (const id of (await run(endpoints.listRelatedProducts, db, { product_id })) as number[]) related.add(id)
    }
    expect(related.size).toBeGreaterThan(30)
    for (const product_id of related) {
      const product = (await run(endpoints.getProduct, db, { product_id })) as { features: unknown[] }
      const { results } = (await run(endpoints.listStyles, db, { product_id })) as { results: Style[] }
      const { ratings } = (await run(endpoints.getReviewMeta, db, { product_id })) as { ratings: object }
      expect(product.features, `features of ${product_id}`).not.toEqual([])
      expect(results, `styles of ${product_id}`).not.toEqual([])
      expect(ratings, `reviews of ${product_id}`).not.toEqual({})
    }
    const [counted] = await sql`
      select count(*)::int as products, count(*) filter (where styles like ${`%"${api}/pictures/%`})::int as shown
      from products left join style_documents using (product_id)`
    expect(counted).toEqual({ products: 1000, shown: 1000 })

    await updatePictureUrls(url, 'http://localhost:4000')
    const texts = ['select styles as text from style_documents', 'select photos::text as text from reviews']
    for (const text of [...texts, 'select url as text from photos', 'select photo_urls::text as text from answers']) {
      const rows = await sql.unsafe(`select from (${text}) written where text like '%127.0.0.1%'`)
      expect(rows, text).toHaveLength(0)
    }
  } finally {
    await drop()
  }
})

type Style = { photos: unknown[] }
