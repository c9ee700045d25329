import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { origin } from './balancer.ts'
import { testAddresses } from './hosts.ts'

/** What the balancer answered. */
export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

const agent = new Agent({ keepAlive: true })
let asked = 0

const nextAddress = () => testAddresses[(asked += 1) % testAddresses.length]!

/** Asks the balancer, each time as another client than the last, unless an address is given. */
export const ask = async (
  method: string,
  path: string,
  body?: object,
  localAddress = nextAddress(),
): Promise<Answer> => {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    request(origin + path, { method, agent, localAddress, headers }, (response) => {
      const { statusCode: status = 0, headers } = response
      text(response).then((text) => resolve({ status, headers, text }), reject)
    })
      .on('error', reject)
      .end(body && JSON.stringify(body))
  })
}
