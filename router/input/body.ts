import { Failure, httpFailures } from '../../handlers/failure.ts'

const maximumBytes = 64 * 1024
const maximumDepth = 8
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** Reads a body as JSON, whatever its content type: `{}` if it is empty, a failure if it is too large or malformed. */
export const readJson = async (request: Request): Promise<unknown> => {
  // A body that ends early is the client's fault, and no bug.
  const text = await readText(request).catch(() => httpFailures.malformedBody)
  if (text instanceof Failure) return text
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isHarmless(value, 0) ? value : httpFailures.malformedBody
  } catch {
    return httpFailures.malformedBody
  }
}

const readText = async (request: Request): Promise<string | Failure> => {
  const { headers } = request
  if (!headers.has('content-length')) return readStream(request)
  if (Number(headers.get('content-length')) > maximumBytes) return httpFailures.bodyTooLarge
  const text = await request.text()
  return text.length > maximumBytes ? httpFailures.bodyTooLarge : text
}

const readStream = async (request: Request): Promise<string | Failure> => {
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > maximumBytes) return httpFailures.bodyTooLarge
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

const isHarmless = (value: unknown, depth: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth < maximumDepth &&
    Object.entries(value).every(([key, inner]) => !forbiddenKeys.has(key) && isHarmless(inner, depth + 1)))
