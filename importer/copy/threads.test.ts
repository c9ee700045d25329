import { expect, test } from 'vitest'
import { silent, type Progress } from '../progress.ts'
import {
  answer,
  answers,
  contentOf,
  productsOf,
  question,
  questions,
  useImporter,
  type Files,
} from '../test/importer.ts'

const importer = useImporter()

/** Files of any size are read by threads. */
const byThreads = { threadsAbove: 0 }

const set: Files = {
  'product.csv': productsOf(1, 2),
  'questions.csv': questions(question(1, 1), question(2, 2), question(3, 9)),
  'answers.csv': answers(answer(1, 1), answer(2, 2), answer(3, 3)),
  'answers_photos.csv': 'id,answer_id,url\n1,1,"https://p/1"\n2,3,"https://p/2"',
}

test('threads load what one would, and tell each other which rows there are', async () => {
  const folder = await importer.generate(40)
  const alone = await importer.load(folder)
  const content = await contentOf(importer.sql)
  await importer.empty()
  const { report, rejects } = await importer.load(folder, byThreads)
  expect(await contentOf(importer.sql)).toEqual(content)
  expect(rejects).toEqual(alone.rejects)
  expect(Object.keys(report)).toEqual(Object.keys(alone.report))
})

test('a row whose parent another thread refused is rejected', async () => {
  const { rejects } = await importer.run(set, byThreads)
  expect(rejects.map(([file, line, column, value]) => [file, line, column, value])).toEqual([
    ['questions.csv', '4', 'product_id', '9'],
    ['answers.csv', '4', 'question_id', '3'],
    ['answers_photos.csv', '3', 'answer_id', '3'],
  ])
})

test('what the server refuses in a thread is one line, and the import goes on when it is mended', async () => {
  await importer.sql`alter table answers add constraint no_seller check (answerer_name <> 'ann')`
  const folder = await importer.write(set)
  await expect(importer.load(folder, byThreads)).rejects.toThrow(
    /^PostgreSQL refuses line 2 of .*answers\.csv: .* violates check constraint "no_seller"/,
  )
  await importer.sql`alter table answers drop constraint no_seller`
  expect(await importer.sql`select from products`).toEqual([])
})

test('a thread whose connection is lost says so in the same line as any other', async () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => question(index + 1, 1))
  const folder = await importer.write({ 'product.csv': productsOf(1), 'questions.csv': questions(...rows) })
  // Only the connections of the threads: the import's own waits for them.
  const end = async () => {
    // Between two batches no COPY runs.
    for (let tries = 0; tries < 500; tries += 1) {
      const ended = await importer.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'atelierx import' and datname = current_database() and query ~ 'copy staging.questions'`
      if (ended.length > 0) return
    }
  }
  let ending: Promise<unknown> | undefined
  const progress: Progress = {
    ...silent,
    read: ({ file }) => void (file === 'questions.csv' && (ending ??= end())),
  }
  const lost = importer.load(folder, { ...byThreads, progress, batchBytes: 4096 })
  await expect(lost).rejects.toThrow(/^The connection to the database was lost: /)
  await ending
  const { report } = await importer.load(folder, byThreads)
  expect(report['questions.csv']).toMatchObject({ read: 60_000, loaded: 60_000 })
})
