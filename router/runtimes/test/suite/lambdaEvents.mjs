import { createServer } from 'node:http'

const stage = 'prod'
const lists = (params) => Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name)]))
const singles = (values) => Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1)]))

/** The events that a request becomes: HTTP APIs send 2.0, REST APIs 1.0, and load balancers their own. */
const forms = {
  v2: ({ method, path, query, headers: { cookie, ...headers }, body }) => ({
    version: '2.0',
    rawPath: `/${stage}${path}`,
    rawQueryString: query,
    ...(cookie && { cookies: cookie.split('; ') }),
    headers,
    requestContext: { stage, domainName: 'api.example', http: { method, path: `/${stage}${path}` } },
    ...body,
  }),
  v1: ({ method, path, query, headers, body }) => ({
    httpMethod: method,
    path,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: singles(lists(new URLSearchParams(query))),
    multiValueQueryStringParameters: lists(new URLSearchParams(query)),
    requestContext: { stage, path: `/${stage}${path}`, domainName: 'api.example' },
    ...body,
  }),
  alb: ({ method, path, query, headers, body }) => ({
    httpMethod: method,
    path,
    headers,
    // A balancer passes on what is encoded as it is.
    queryStringParameters: Object.fromEntries(query === '' ? [] : query.split('&').map((one) => one.split(/=(.*)/s))),
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:::targetgroup/api/1' } },
    ...body,
  }),
}

/** Serves a Lambda's handler over HTTP, by events of a form. */
export const serveLambda = (handler, form) => {
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray()
    const bytes = Buffer.concat(chunks)
    const [path, query = ''] = request.url.replace(/^https?:\/\/[^/]*/, '').split(/\?(.*)/s)
    const body = bytes.length > 0 ? { body: bytes.toString('base64'), isBase64Encoded: true } : { body: null }
    const event = forms[form]({
      method: request.method,
      path,
      query,
      headers: { ...request.headers, 'x-forwarded-proto': 'http' },
      body,
    })
    const result = await handler(event)
    response.statusCode = result.statusCode
    const all = {
      ...result.headers,
      ...result.multiValueHeaders,
      ...(result.cookies && { 'set-cookie': result.cookies }),
    }
    // Clients here know nothing of the stage.
    if (form !== 'alb' && all.location)
      all.location = String(all.location).replace(/^\/prod|^/, (at) => (at === '' ? '!' : ''))
    for (const [name, value] of Object.entries(all)) response.setHeader(name, value)
    response.end(result.isBase64Encoded ? Buffer.from(result.body, 'base64') : result.body)
  })
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
}
