import { describe, expect, test } from 'vitest'
import { tables } from './tables.ts'
import { productsOf, useImporter, type Files } from './test.ts'

const importer = useImporter()

const questions = (...rows: readonly string[]): string =>
  ['id,product_id,body,date_written,asker_name,asker_email,reported,helpful', ...rows].join('\n')
const answers = (...rows: readonly string[]): string =>
  ['id,question_id,body,date_written,answerer_name,answerer_email,reported,helpful', ...rows].join('\n')
const question = (id: number, product: number, body = 'Warm?') =>
  `${id},${product},"${body}",1595884714409,"eve",null,0,1`
const answer = (id: number, question: number) => `${id},${question},"Yes",1595884714409,"ann",null,0,1`

const set: Files = {
  'product.csv': productsOf(1, 2),
  'questions.csv': questions(question(1, 1), question(2, 1)),
  'answers.csv': answers(answer(1, 1), answer(2, 2)),
  'answers_photos.csv': 'id,answer_id,url\n1,1,"https://p/1"\n2,2,"https://p/2"',
}

/** Changes with every change of a row, even to the same values. */
const versions = () =>
  Promise.all(
    tables.map(({ name }) =>
      importer.sql.unsafe(`select xmin::text, ctid::text, t.* from ${name} t order by ctid`).values(),
    ),
  )

const productOf = async (table: string) =>
  (await importer.sql.unsafe(`select product_id from ${table} order by 1`).values()).flat()

describe('rows that are there already', () => {
  test('are not touched by a second import of the same files', async () => {
    await importer.run(set)
    const before = await versions()
    const { report } = await importer.run(set)
    expect(report['questions.csv']).toMatchObject({ read: 2, loaded: 2, rejected: 0 })
    expect(await versions()).toEqual(before)
  })

  test('become those of the file when they differ, and stay when the file lacks them', async () => {
    await importer.run(set)
    await importer.run({ 'questions.csv': questions(question(2, 1, 'Really warm?'), question(3, 2)) })
    const rows = await importer.sql`select question_id, question_body from questions order by question_id`
    expect(rows.map(({ question_id, question_body }) => [question_id, question_body])).toEqual([
      [1, 'Warm?'],
      [2, 'Really warm?'],
      [3, 'Warm?'],
    ])
  })

  test('take along what belongs to them when they go to another product', async () => {
    await importer.run(set)
    await importer.run({ 'questions.csv': questions(question(1, 2)) })
    expect(await productOf('questions')).toEqual([1, 2])
    expect(await productOf('answers')).toEqual([1, 2])
    expect(await productOf('answer_photos')).toEqual([1, 2])
  })

  test('take along what belongs to them when they go to another parent', async () => {
    await importer.run({ ...set, 'questions.csv': questions(question(1, 1), question(2, 2)) })
    await importer.run({ 'answers.csv': answers(answer(1, 2)) })
    expect(await productOf('answers')).toEqual([2, 2])
    expect(await productOf('answer_photos')).toEqual([2, 2])
  })
})

describe('rows that are set aside', () => {
  test('are those of an id that comes again: the last is loaded', async () => {
    const { report, rejects } = await importer.run({
      'product.csv': productsOf(1),
      'questions.csv': questions(
        question(1, 1, 'First?'),
        question(2, 1),
        question(1, 1, 'Second?'),
        question(1, 1, 'Third?'),
      ),
    })
    expect(report['questions.csv']).toMatchObject({ read: 4, loaded: 2, rejected: 2 })
    const reason = 'The id comes again on line 5, and the last row is loaded: leave one.'
    expect(rejects).toEqual([
      ['questions.csv', '2', 'id', '1', reason],
      ['questions.csv', '4', 'id', '1', reason],
    ])
    const [row] = await importer.sql`select question_body from questions where question_id = 1`
    expect(row).toEqual({ question_body: 'Third?' })
  })

  test('are those whose parent is missing, in every file that has parents', async () => {
    const files: Files = {
      'features.csv': 'id,product_id,feature,value\n1,9,"Fabric","Canvas"',
      'styles.csv': 'id,productId,name,sale_price,original_price,default_style\n1,9,"Green",null,140,1',
      'photos.csv': 'id,styleId,url,thumbnail_url\n1,9,"https://p","https://t"',
      'skus.csv': 'id,styleId,size,quantity\n1,9,"XL",3',
      'related.csv': 'id,current_product_id,related_product_id\n1,9,1',
      'cart.csv': 'id,user_session,product_id,active\n1,1234,9,1',
      'reviews.csv':
        'id,product_id,rating,date,summary,body,recommend,reported,reviewer_name,reviewer_email,response,helpfulness\n' +
        '1,9,5,1596080481467,"a","b",true,false,"ann",null,null,8',
      'reviews_photos.csv': 'id,review_id,url\n1,9,"https://p"',
      'characteristics.csv': 'id,product_id,name\n1,9,"Fit"',
      'characteristic_reviews.csv': 'id,characteristic_id,review_id,value\n1,9,9,4',
      'questions.csv': questions(question(1, 9)),
      'answers.csv': answers(answer(1, 9)),
      'answers_photos.csv': 'id,answer_id,url\n1,9,"https://p"',
    }
    const { report, rejects } = await importer.run({ 'product.csv': productsOf(1), ...files })
    for (const file of Object.keys(files)) expect(report[file]).toMatchObject({ read: 1, loaded: 0, rejected: 1 })
    expect(rejects.map(([file, line, , value]) => [file, line, value])).toEqual(
      Object.keys(report)
        .slice(1)
        .map((file) => [file, '2', '9']),
    )
    expect(rejects.find(([file]) => file === 'photos.csv')).toEqual([
      'photos.csv',
      '2',
      'styleId',
      '9',
      'No row of styles has this id: import it with styles.csv, or correct it.',
    ])
  })

  test('leave the others of their file to be loaded', async () => {
    const { report, rejects } = await importer.run({
      ...set,
      'answers.csv': answers(answer(1, 1), answer(2, 7), answer(3, 2)),
    })
    expect(report['answers.csv']).toMatchObject({ read: 3, loaded: 2, rejected: 1 })
    expect(rejects.map(([file, line, column, value]) => [file, line, column, value])).toEqual([
      ['answers.csv', '3', 'question_id', '7'],
      ['answers_photos.csv', '3', 'answer_id', '2'],
    ])
  })
})

test('a row that is inserted after an import gets an id of its own, and ids never go back', async () => {
  const insert = async () => {
    const [row] = await importer.sql`
      insert into questions (product_id, question_body, asker_name) values (1, 'Mine?', 'eve') returning question_id`
    return row?.question_id as number
  }
  await importer.run({ 'product.csv': productsOf(1), 'questions.csv': questions(question(1, 1)) })
  expect(await insert()).toBe(2)
  await importer.run({ 'questions.csv': questions(question(40, 1), question(8, 1)) })
  expect(await insert()).toBe(41)
  await importer.sql`delete from questions where question_id > 8`
  await importer.run({ 'questions.csv': questions(question(8, 1)) })
  expect(await insert()).toBe(42)
})

test('the planner knows the tables after an import', async () => {
  await importer.run(set)
  const [row] = await importer.sql`select reltuples::int as rows from pg_class where relname = 'questions'`
  expect(row).toEqual({ rows: 2 })
})

test('a file whose merge fails leaves its table as it was', async () => {
  await importer.run(set)
  await importer.sql`alter table answers add constraint sold_out check (body <> 'Gone')`
  const files = { 'answers.csv': answers(answer(3, 1), '4,1,"Gone",1595884714409,"ann",null,0,1') }
  await expect(importer.run(files)).rejects.toThrow('violates check constraint "sold_out"')
  await importer.sql`alter table answers drop constraint sold_out`
  expect(await importer.sql`select answer_id from answers order by 1`).toEqual([{ answer_id: 1 }, { answer_id: 2 }])
})
