import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { SuiteRequest } from './request.ts'

/** An answer as a client sees it, without the headers that differ each time. */
export type Answer = { readonly status: number; readonly headers: object; readonly body: string }

// Of the connection and the server, or of the moment.
const passedOver = /^(date|connection|keep-alive|content-length|transfer-encoding|content-encoding|mf-.*)$/

export const send = async (
  origin: string,
  { method, path, headers = {}, body, raw }: SuiteRequest,
): Promise<Answer> => {
  const { hostname, port } = new URL(origin)
  if (raw !== undefined) return { status: await sendRaw(hostname, Number(port), raw), headers: {}, body: '' }
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const options = { hostname, port, method, path, headers: { ...headers, ...length }, agent: false, timeout: 15_000 }
    const request = httpRequest(options, (response) => {
      buffer(response).then(
        (bytes) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: pick(response.headers),
            body: settle(bytes.toString()),
          }),
        reject,
      )
    })
    request.on('error', reject).on('timeout', () => request.destroy(new Error('no answer within 15 s')))
    request.end(body)
  })
}

const pick = (headers: object): object =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !passedOver.test(name))
      .map(([name, value]): [string, string] => [name, settle(String(value))])
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )

/** The text without ids that are made up and times of this run. */
const settle = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/20(2[5-9]|[3-9]\d)-\d\d-\d\dT[\d:.]+Z/g, '<time>')

const sendRaw = (hostname: string, port: number, raw: string): Promise<number> =>
  new Promise((resolve) => {
    const socket = connect(port, hostname, () => socket.write(raw))
    let text = ''
    const finish = () => {
      socket.destroy()
      resolve(Number(/^HTTP\/1\.\d (\d{3})/.exec(text)?.[1] ?? 0))
    }
    socket.setTimeout(5000, finish)
    socket.on('data', (data) => (text += data.toString()).includes('\r\n\r\n') && finish())
    socket.on('error', () => {}).on('close', finish)
  })
