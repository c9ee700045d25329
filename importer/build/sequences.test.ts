import { expect, test } from 'vitest'
import { keyOf } from '../tables/table.ts'
import { tables } from '../tables/index.ts'
import { productsOf, question, questions, stoppedAt, useImporter } from '../test/importer.ts'

const importer = useImporter()

const ask = async (): Promise<number> => {
  const [row] = await importer.sql`
    insert into questions (product_id, question_body, asker_name) values (1, 'Mine?', 'eve') returning question_id`
  return row?.question_id as number
}

const set = { 'product.csv': productsOf(1), 'questions.csv': questions(question(7, 1)) }

/** A database from before `largestId`: every sequence is at its end. */
const exhaust = async () => {
  for (const table of tables)
    await importer.sql.unsafe(
      `select setval(pg_get_serial_sequence('${table.name}', '${keyOf(table)}')::regclass, 2147483647)`,
    )
}

test('an id above 2000000000 is rejected with the reason, and rows are inserted after the import', async () => {
  const { rejects } = await importer.run({
    ...set,
    'questions.csv': questions(question(7, 1), question(2_147_483_647, 1), question(2_000_000_001, 1)),
  })
  const reason = expect.stringMatching(/^Expected an id from 1 to 2000000000: .*room/) as string
  expect(rejects).toEqual([
    ['questions.csv', '3', 'id', '2147483647', reason],
    ['questions.csv', '4', 'id', '2000000001', reason],
  ])
  expect(await ask()).toBe(8)
})

test('--fresh mends every sequence that is at its end', async () => {
  await importer.run(set)
  await exhaust()
  await expect(ask()).rejects.toThrow(/nextval: reached maximum value of sequence/)
  await importer.run(set, { isFresh: true })
  expect(await ask()).toBe(8)
  for (const table of tables) {
    const [next] = await importer.sql.unsafe<{ id: number }[]>(
      `select nextval(pg_get_serial_sequence('${table.name}', '${keyOf(table)}')::regclass)::int as id`,
    )
    expect(next?.id, table.name).toBeLessThan(10)
  }
})

test('--fresh mends a database that holds a row with the largest id', async () => {
  await importer.run(set)
  await importer.sql`
    insert into questions (question_id, product_id, question_body, asker_name) values (2147483647, 1, 'Mine?', 'eve')`
  await exhaust()
  await importer.run(set, { isFresh: true })
  expect([await ask(), await ask()]).toEqual([8, 9])
})

test('an import that merges mends a sequence once no row has its id', async () => {
  await importer.run(set)
  await exhaust()
  await importer.run(set)
  expect(await ask()).toBe(8)
})

test('an import that merges goes on after the largest id that a row has', async () => {
  await importer.run(set)
  await importer.sql`
    insert into questions (question_id, product_id, question_body, asker_name) values (2100000000, 1, 'Mine?', 'eve')`
  await importer.sql`select setval('questions_question_id_seq', 2100000000)`
  await importer.run(set)
  expect(await ask()).toBe(2_100_000_001)
})

test('--fresh gives no id again that was given while it ran', async () => {
  await importer.run(set)
  const folder = await importer.write(set)
  const stopped = importer.load(folder, { isFresh: true, progress: stoppedAt('building indexes') })
  await expect(stopped).rejects.toThrow(/Stopped/)
  expect(await ask()).toBe(8)
  await importer.load(folder, { isFresh: true })
  expect(await ask()).toBe(9)
})
