import { expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { type Row, sortIds, useTies } from '../test/ties.ts'

const shop = useTies()
const product_id = 5

const fill = async (rows: readonly Row[], style_id: number): Promise<void> => {
  const style = { product_id, name: '', original_price: 1, default_style: false }
  const tables: Readonly<Record<string, (row: Row) => object>> = {
    features: ({ id }) => ({ feature_id: id, product_id, feature: String(id) }),
    related: ({ id }) => ({ related_id: id, product_id, related_product_id: (id % 6) + 1 }),
    styles: ({ id }) => ({ style_id: id, ...style }),
    photos: ({ id, rank }) => {
      const photo = { photo_id: id, style_id, product_id, position: rank }
      return { ...photo, url: String(id), thumbnail_url: '' }
    },
    skus: ({ id, rank }) => ({ sku_id: id, style_id, product_id, position: rank, size: String(id), quantity: 1 }),
  }
  for (const [table, rowOf] of Object.entries(tables)) await shop.insert(table, rows.map(rowOf))
  await shop.sql`call rebuild_product_documents()`
}

test('features, related products and styles are in the order of their ids, photos and skus in that of their files', () =>
  shop.check(async (rows) => {
    const [{ id: style_id }] = rows as [Row]
    await fill(rows, style_id)
    const byId = sortIds(rows, 'id')
    const byPosition = sortIds(rows, 'rank', 'id').map(String)

    expect(await call(shop.db, 'getProduct', { product_id })).toMatchObject({
      features: byId.map((id) => ({ feature: String(id) })),
    })
    expect(await call(shop.db, 'listRelatedProducts', { product_id })).toEqual(byId.map((id) => (id % 6) + 1))
    const styles = await shop.shownBy('listStyles', { product_id })
    expect(styles.map((style) => style.style_id)).toEqual(byId)
    const filled = styles.find((style) => style.style_id === style_id)
    expect(filled).toMatchObject({ photos: byPosition.map((url) => ({ url })) })
    // In the text, as JavaScript gives keys that are ids an order of its own.
    const [document] = await shop.sql<{ styles: string }[]>`
      select styles from style_documents where product_id = ${product_id}`
    const sizes = Array.from(document?.styles.matchAll(/"size":"(\d+)"/g) ?? [], ([, size]) => size)
    expect(sizes).toEqual(byPosition)
  }))
