import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { productsOf, useImporter, type Files } from './test/importer.ts'

const importer = useImporter()

const complete: Files = {
  'product.csv': productsOf(1, 2),
  'features.csv': 'id,product_id,feature,value\n1,1,"Fabric","Canvas"\n2,1,"Lining",null',
  'styles.csv':
    'id,productId,name,sale_price,original_price,default_style\n1,1,"Forest Green",null,140,1\n2,1,"Blue",100,500000000,0',
  'photos.csv': 'id,styleId,url,thumbnail_url\n2,1,"https://p/2","uhttps://t/2"\n1,1,"https://p/1","https://t/1"',
  'skus.csv': 'id,styleId,size,quantity\n8,1,"XL",3\n7,1,"XL",5',
  'related.csv': 'id,current_product_id,related_product_id\n1,1,2\n2,1,2\n3,1,1\n4,1,0\n5,2,999',
  'cart.csv': 'id,user_session,product_id,active\n1,1234,7,1\n2,4321,8,0',
  'reviews.csv':
    'id,product_id,rating,date,summary,body,recommend,reported,reviewer_name,reviewer_email,response,helpfulness\n' +
    '1,1,5,1596080481467,"Great","I did like it",true,false,"ann","ann@example.com",null,8\n' +
    '2,2,1,1610178433963,"null","null",false,true,"bob","bob@example.com","Sorry, ""bob""!",0',
  'reviews_photos.csv': 'id,review_id,url\n1,2,"https://p/1"',
  'characteristics.csv': 'id,product_id,name\n1,1,"Fit"\n2,2,"Length"',
  'characteristic_reviews.csv': 'id,characteristic_id,review_id,value\n1,1,1,4\n2,2,2,3',
  'questions.csv':
    'id,product_id,body,date_written,asker_name,asker_email,reported,helpful\n1,2,"Is it warm?",1595884714409,"eve","eve@example.com",0,1',
  'answers.csv':
    'id,question_id,body,date_written,answerer_name,answerer_email,reported,helpful\n1,1,"Yes",1599958385988,"Seller",null,0,4',
  'answers_photos.csv': 'id,answer_id,url\n1,1,"https://p/1"',
}

test('a complete set is loaded whole', async () => {
  const { report, rejects } = await importer.run(complete)
  expect(rejects).toEqual([])
  expect(Object.keys(report).toSorted()).toEqual(Object.keys(complete).toSorted())
  for (const [file, { read, loaded, rejected, repaired }] of Object.entries(report)) {
    const lines = String(complete[file]).split('\n').length - 1
    expect({ file, read, loaded, rejected, repaired }).toEqual({
      file,
      read: lines,
      loaded: lines,
      rejected: 0,
      repaired: 0,
    })
  }
})

test('an import keeps prices, texts, days and nulls as they are, and takes each column by its name', async () => {
  await importer.run(complete)
  expect(
    await importer.stored('styles', 'style_id, original_price::text, sale_price::text, default_style', 'style_id'),
  ).toEqual([
    [1, '140.00', null, true],
    [2, '500000000.00', '100.00', false],
  ])
  expect(await importer.stored('photos', 'photo_id, url, thumbnail_url', 'photo_id')).toEqual([
    [1, 'https://p/1', 'https://t/1'],
    [2, 'https://p/2', 'uhttps://t/2'],
  ])
  expect(await importer.stored('features', 'feature, value', 'feature_id')).toEqual([
    ['Fabric', 'Canvas'],
    ['Lining', null],
  ])
  expect(await importer.stored('reviews', 'date::text, summary, recommend, reported, response', 'review_id')).toEqual([
    ['2020-07-30', 'Great', true, false, null],
    ['2021-01-09', 'null', false, true, 'Sorry, "bob"!'],
  ])
  expect(await importer.stored('answers', 'date::text, answerer_email, helpfulness', 'answer_id')).toEqual([
    ['2020-09-13', null, 4],
  ])
})

test('an import keeps related ids that name nothing, the product itself and one that comes twice', async () => {
  await importer.run(complete)
  expect(await importer.stored('related', 'product_id, related_product_id', 'related_id')).toEqual([
    [1, 2],
    [1, 2],
    [1, 1],
    [1, 0],
    [2, 999],
  ])
})

test('an import gives rows the product of what they belong to', async () => {
  await importer.run(complete)
  const owned = ['photos', 'skus', 'review_photos', 'characteristic_reviews', 'answers', 'answer_photos']
  const products = await Promise.all(owned.map((table) => importer.stored(table, 'product_id', '1')))
  expect(products.map((rows) => rows.flat())).toEqual([[1, 1], [1, 1], [2], [1, 2], [2], [2]])
})

test('an import is counted in the totals of reviews', async () => {
  await importer.run(complete)
  expect(await importer.stored('review_totals', 'product_id, ratings::text, recommended, totals::text', '1')).toEqual([
    [1, '{0,0,0,0,1}', 1, '{4}'],
    [2, '{1,0,0,0,0}', 0, '{3}'],
  ])
})

test('skus keep the order of their file, and documents are made of all files', async () => {
  await importer.run(complete)
  expect(await importer.stored('skus', 'sku_id', 'position')).toEqual([[8], [7]])
  const [[styles]] = (await importer.stored('style_documents', 'styles', '1')) as [[string]]
  expect(Object.values(JSON.parse(styles)[0].skus)).toHaveLength(2)
  expect(styles.indexOf('"8"')).toBeLessThan(styles.indexOf('"7"'))
})

test('an import names a cart by the SHA-256 of its token, and reads the product_id of a cart as a sku', async () => {
  await importer.run(complete)
  const sha256 = (token: string) => createHash('sha256').update(token).digest('hex')
  expect(await importer.stored('cart_items', "encode(cart, 'hex'), sku_id, count, active", 'item_id')).toEqual([
    [sha256('1234'), 7, 1, true],
    [sha256('4321'), 8, 1, false],
  ])
})
