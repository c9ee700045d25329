import Table from 'cli-table3'
import { main, readCommandLine, UserError } from '../db/commandLine.ts'
import { database } from '../db/connect.ts'
import { withDatabase } from '../db/open.ts'
import { run } from '../handlers/endpoint.ts'
import { Failure } from '../handlers/failure.ts'
import { erasePerson } from '../handlers/moderation/erasePerson.ts'
import { invalidateAnswers, readBalancers } from '../importer/balancers.ts'

const about = `Makes anonymous all that an e-mail address wrote: the name becomes Anonymous, the address goes, and
texts stay. It cannot be undone, and later imports do it again. Invalidates the balancers of ATELIER_BALANCERS.`

const options = {
  email: { about: 'the address, in any case', default: '', value: 'ADDRESS' },
  'dry-run': { about: 'shows what would be changed', default: false },
} as const

type Counts = Readonly<Record<'reviews' | 'questions' | 'answers', number>>

await main(async () => {
  const command = readCommandLine('npm run erase -- --email ADDRESS', about, options)
  if (!command) return
  const { email, 'dry-run': isDryRun } = command.values
  if (!erasePerson.input.safeParse({ email }).success)
    throw new UserError(`--email is ${email || 'missing'}: give it an address, as in --email person@example.org.`)
  const balancers = readBalancers(process.env)
  await withDatabase(async (sql) => {
    const [written] = await sql<Counts[]>`
      with person as (select lower(${email}) as address, hashtextextended(lower(${email}), 0) as hash)
      select
        (select count(*)::int from reviews, person
          where hashtextextended(lower(reviewer_email), 0) = hash and lower(reviewer_email) = address) as reviews,
        (select count(*)::int from questions, person
          where hashtextextended(lower(asker_email), 0) = hash and lower(asker_email) = address) as questions,
        (select count(*)::int from answers, person
          where hashtextextended(lower(answerer_email), 0) = hash and lower(answerer_email) = address) as answers`
    const erased = isDryRun ? undefined : await run(erasePerson, database(sql), { email })
    if (erased instanceof Failure) throw new UserError(erased.text)
    const table = new Table({
      head: ['', 'found', ...(erased ? ['anonymous now'] : [])],
      style: { head: [], border: [] },
    })
    for (const name of ['reviews', 'questions', 'answers'] as const)
      table.push([name, written?.[name] ?? 0, ...(erased ? [erased[name]] : [])])
    console.log(String(table))
    if (!erased) return console.log('Nothing was changed. Without --dry-run, these become anonymous.')
    const [wal] = await sql<{ position: string }[]>`select pg_current_wal_insert_lsn()::text as position`
    await invalidateAnswers(balancers, wal?.position ?? '')
    console.log('Texts stay as they were, and may name the person. Copies in backups stay until these expire.')
  })
})
