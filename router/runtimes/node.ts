import { connect } from '../../db/connect.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'
import { readAsset } from './assets.ts'
import { type Address, listen, type Listening } from './listen.ts'

/** Serves the API over HTTP, on the database at a URL. Rejects with the error of Node where it cannot listen. */
export const serveNode = async ({ url, ...address }: Address & { readonly url: string }): Promise<Listening> => {
  const { db, ready, end } = connect(url)
  const { port, stop } = await listen(
    (state) => createApp(endpoints, db, { asset: readAsset, ready: async () => !state.isStopping && (await ready()) }),
    address,
  )
  return { port, stop: (patience) => stop(patience).then(end) }
}
