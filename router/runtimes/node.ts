import { client, database } from '../../db/connect.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'
import { readAsset } from './assets.ts'
import { type Address, listen, type Listening } from './listen.ts'

/** Serves the API over HTTP, on the database at a URL. Rejects with the error of Node where it cannot listen. */
export const serveNode = async ({ url, ...address }: Address & { readonly url: string }): Promise<Listening> => {
  const sql = client(url)
  const isReachable = () => sql`select`.then(() => true)
  const { port, stop } = await listen((state) => {
    const ready = async () => !state.isStopping && (await isReachable())
    return createApp(endpoints, database(sql), { ready, asset: readAsset })
  }, address)
  return {
    port,
    stop: async (patience) => {
      await stop(patience)
      await sql.end({ timeout: 5 })
    },
  }
}
