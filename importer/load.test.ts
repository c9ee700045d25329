import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { productsOf, useImporter, type Files } from './test.ts'

const importer = useImporter()

const stored = async (table: string, columns: string, key: string): Promise<unknown[][]> =>
  (await importer.sql.unsafe(`select ${columns} from ${table} order by ${key}`).values()) as unknown[][]

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

describe('a complete set', () => {
  test('is loaded whole', async () => {
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

  test('keeps prices, texts, days and nulls as they are, and takes each column by its name', async () => {
    await importer.run(complete)
    expect(
      await stored('styles', 'style_id, original_price::text, sale_price::text, default_style', 'style_id'),
    ).toEqual([
      [1, '140.00', null, true],
      [2, '500000000.00', '100.00', false],
    ])
    expect(await stored('photos', 'photo_id, url, thumbnail_url', 'photo_id')).toEqual([
      [1, 'https://p/1', 'https://t/1'],
      [2, 'https://p/2', 'uhttps://t/2'],
    ])
    expect(await stored('features', 'feature, value', 'feature_id')).toEqual([
      ['Fabric', 'Canvas'],
      ['Lining', null],
    ])
    expect(await stored('reviews', 'date::text, summary, recommend, reported, response', 'review_id')).toEqual([
      ['2020-07-30', 'Great', true, false, null],
      ['2021-01-09', 'null', false, true, 'Sorry, "bob"!'],
    ])
    expect(await stored('answers', 'date::text, answerer_email, helpfulness', 'answer_id')).toEqual([
      ['2020-09-13', null, 4],
    ])
  })

  test('keeps related ids that name nothing, the product itself and one that comes twice', async () => {
    await importer.run(complete)
    expect(await stored('related', 'product_id, related_product_id', 'related_id')).toEqual([
      [1, 2],
      [1, 2],
      [1, 1],
      [1, 0],
      [2, 999],
    ])
  })

  test('gives rows the product of what they belong to', async () => {
    await importer.run(complete)
    const owned = ['photos', 'skus', 'review_photos', 'characteristic_reviews', 'answers', 'answer_photos']
    const products = await Promise.all(owned.map((table) => stored(table, 'product_id', '1')))
    expect(products.map((rows) => rows.flat())).toEqual([[1, 1], [1, 1], [2], [1, 2], [2], [2]])
  })

  test('is counted in the totals of reviews', async () => {
    await importer.run(complete)
    expect(await stored('review_totals', 'product_id, rating_1, rating_5, not_recommended, recommended', '1')).toEqual([
      [1, 0, 1, 0, 1],
      [2, 1, 0, 1, 0],
    ])
    expect(await stored('characteristics', 'votes, total', 'characteristic_id')).toEqual([
      [1, 4],
      [1, 3],
    ])
  })

  test('names a cart by the SHA-256 of its token, and reads the product_id of a cart as a sku', async () => {
    await importer.run(complete)
    const sha256 = (token: string) => createHash('sha256').update(token).digest('hex')
    expect(await stored('cart_items', "encode(cart, 'hex'), sku_id, count, active", 'item_id')).toEqual([
      [sha256('1234'), 7, 1, true],
      [sha256('4321'), 8, 1, false],
    ])
  })
})

describe('an older generation of the files', () => {
  test('has blanks in its headers, ISO days, mixed booleans, an empty response and another name for a file', async () => {
    const { report, rejects } = await importer.run({
      'product.csv': productsOf(1),
      'reviews.csv':
        'id, product_id, rating, date, summary, body, recommend, reported, reviewer_name, reviewer_email, response, helpfulness\n' +
        '1,1,5,"2019-01-01","a","b",1,0,"ann","ann@example.com","",8\n' +
        '2,1,4,"2019-01-02T00:00:00.000Z","a","b",true,"false","bob","bob@example.com",,8\n' +
        '3,1,4,"2019-01-03","a","b",TRUE,1,"eve","eve@example.com",null,8',
      'characteristics.csv': 'id, product_id, name\n1,1,"Fit"',
      'characteristics_reviews.csv': 'id, characteristic_id, review_id, value\n1,1,1,4',
    })
    expect(rejects).toEqual([])
    expect(report['characteristics_reviews.csv']).toMatchObject({ table: 'characteristic_reviews', loaded: 1 })
    expect(await stored('reviews', 'date::text, recommend, reported, response', 'review_id')).toEqual([
      ['2019-01-01', true, false, null],
      ['2019-01-02', true, false, null],
      ['2019-01-03', true, true, null],
    ])
  })
})

describe('a copy that a spreadsheet saved', () => {
  test('has a byte-order mark, CRLF, lost quotes, capital booleans and empty lines at its end', async () => {
    const { report, rejects } = await importer.run({
      'product.csv': `\uFEFF${productsOf(1).replaceAll('"', '').replaceAll('\n', '\r\n')}\r\n\r\n`,
      'styles.csv':
        '\uFEFFid,productId,name,sale_price,original_price,default_style\r\n1,1,"Green, dark",null,140,TRUE\r\n2,1,Blue,99.5,140,0\r\n',
      'features.csv':
        '\uFEFFid,product_id,feature,value\r\n1,1,Fabric,null\r\n2,1,Lining,"two\nlines"\r\n3,1,Size,6" wide\r\n',
    })
    expect(rejects).toEqual([])
    expect(report['product.csv']).toMatchObject({ read: 1, loaded: 1 })
    expect(await stored('styles', 'name, sale_price::text, default_style', 'style_id')).toEqual([
      ['Green, dark', null, true],
      ['Blue', '99.50', false],
    ])
    expect(await stored('features', 'value', 'feature_id')).toEqual([[null], ['two\nlines'], ['6" wide']])
  })

  test('loses the days whose milliseconds it shortened, which are rejected', async () => {
    const { rejects } = await importer.run({
      'product.csv': productsOf(1),
      'questions.csv':
        'id,product_id,body,date_written,asker_name,asker_email,reported,helpful\r\n1,1,Warm?,1.59588E+12,eve,eve@example.com,0,1\r\n',
    })
    expect(rejects).toEqual([
      [
        'questions.csv',
        '2',
        'date_written',
        '1.59588E+12',
        expect.stringMatching(/^A spreadsheet shortened this number/),
      ],
    ])
  })
})

test('a closing quote that is missing is added, told and counted, and every row below is loaded', async () => {
  const lines = Array.from(
    { length: 300 },
    (_, index) => `${index + 1},1,"https://p/${index + 1}","https://t/${index + 1}"`,
  )
  lines[47] = lines[47]?.slice(0, -1) ?? ''
  const { report, rejects } = await importer.run({
    'product.csv': productsOf(1),
    'styles.csv': String(complete['styles.csv']),
    'photos.csv': ['id,styleId,url,thumbnail_url', ...lines].join('\n'),
  })
  expect(rejects).toEqual([])
  expect(report['photos.csv']).toMatchObject({ read: 300, loaded: 300, repaired: 1, repairs: [49] })
  expect(await stored('photos', 'url, thumbnail_url', 'photo_id')).toEqual(
    lines.map((_, index) => [`https://p/${index + 1}`, `https://t/${index + 1}`]),
  )
})
