import { openDatabase } from './open.ts'
import { main } from './commandLine.ts'

await main(async () => {
  const { close } = await openDatabase()
  console.log('The database is up to date.')
  await close()
})
