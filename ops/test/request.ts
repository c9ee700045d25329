import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { origin } from './balancer.ts'
import { testAddresses } from './hosts.ts'

/** A response of the balancer. */
export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

const agent = new Agent({ keepAlive: true })
let requests = 0

const nextAddress = () => testAddresses[(requests += 1) % testAddresses.length]!

/** Sends the balancer a request, each time from another client's address unless one is named. */
export const request = async (
  method: string,
  path: string,
  body?: object,
  localAddress = nextAddress(),
): Promise<Answer> => {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    httpRequest(origin + path, { method, agent, localAddress, headers }, (response) => {
      const { statusCode: status = 0, headers } = response
      text(response).then((text) => resolve({ status, headers, text }), reject)
    })
      .on('error', reject)
      .end(body && JSON.stringify(body))
  })
}
