import { describe, expect, test } from 'vitest'
import { tables } from '../tables/index.ts'
import { answer, answers, productsOf, question, questions, useImporter, type Files } from '../test/importer.ts'

const importer = useImporter()

const set: Files = {
  'product.csv': productsOf(1, 2),
  'questions.csv': questions(question(1, 1), question(2, 1)),
  'answers.csv': answers(answer(1, 1), answer(2, 2)),
  'answers_photos.csv': 'id,answer_id,url\n1,1,"https://p/1"\n2,2,"https://p/2"',
}

/** All rows, without the time of the import. */
const content = () =>
  Promise.all(
    tables.map(({ name }) =>
      importer.sql.unsafe(`select (to_jsonb(t) - 'imported_at')::text from ${name} t order by 1`).values(),
    ),
  )

const productOf = async (table: string) =>
  (await importer.sql.unsafe(`select product_id from ${table} order by 1`).values()).flat()

describe('rows that are there already', () => {
  test('are the same after a second import of the same files', async () => {
    await importer.run(set)
    const before = await content()
    const { report } = await importer.run(set)
    expect(report['questions.csv']).toMatchObject({ read: 2, loaded: 2, rejected: 0 })
    expect(await content()).toEqual(before)
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

  test('take along rows of a file that belong to what they take along', async () => {
    await importer.run(set)
    await importer.run({
      'questions.csv': questions(question(1, 2)),
      'answers_photos.csv': 'id,answer_id,url\n1,1,"https://p/1"\n3,1,"https://p/3"',
    })
    expect(await productOf('answers')).toEqual([1, 2])
    expect(await productOf('answer_photos')).toEqual([1, 2, 2])
  })

  test('take along what belongs to them when they go to another parent', async () => {
    await importer.run({ ...set, 'questions.csv': questions(question(1, 1), question(2, 2)) })
    await importer.run({ 'answers.csv': answers(answer(1, 2)) })
    expect(await productOf('answers')).toEqual([2, 2])
    expect(await productOf('answer_photos')).toEqual([2, 2])
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

test('an import of which a row is refused by the server leaves all as it was, and names the line', async () => {
  await importer.run(set)
  await importer.sql`alter table answers add constraint sold_out check (body <> 'Gone')`
  const files = { 'answers.csv': answers(answer(3, 1), '4,1,"Gone",1595884714409,"ann",null,0,1') }
  await expect(importer.run(files)).rejects.toThrow(
    /^PostgreSQL refuses line 3 of .*answers\.csv: .* violates check constraint "sold_out"/,
  )
  await importer.sql`alter table answers drop constraint sold_out`
  expect(await importer.sql`select answer_id from answers order by 1`).toEqual([{ answer_id: 1 }, { answer_id: 2 }])
})
