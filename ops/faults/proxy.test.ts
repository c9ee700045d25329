import { once } from 'node:events'
import { createServer, type AddressInfo, connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type FaultProxy, startFaultProxy } from './proxy.ts'

// Answers each piece with itself, and counts what it got.
let received = 0
const echo = createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (piece) => {
    received += piece.length
    socket.write(piece)
  })
})
let proxy: FaultProxy
beforeAll(async () => {
  await once(echo.listen(0, '127.0.0.1'), 'listening')
  proxy = await startFaultProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port })
})
afterEach(() => {
  proxy.set({})
  proxy.cut()
  received = 0
})
afterAll(async () => {
  await proxy.close()
  echo.close()
})

const open = async (): Promise<Socket> => {
  const socket = connect(proxy.port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
/** The answer to a text; an empty one if none comes within a quarter of a second. */
const ask = async (socket: Socket, text: string): Promise<string> => {
  socket.write(text)
  const answer = once(socket, 'data', { signal: AbortSignal.timeout(250) })
  return answer.then(([piece]) => String(piece)).catch(() => '')
}

test('without a fault it passes on what both sides send', async () => {
  const socket = await open()
  expect(await ask(socket, 'one')).toBe('one')
  expect(await ask(socket, 'two')).toBe('two')
})

test('latency and a slow link delay each way, and lose nothing', async () => {
  const socket = await open()
  for (const fault of [{ latencyMs: 40 }, { bytesPerSecond: 100 }]) {
    proxy.set(fault)
    const before = performance.now()
    expect(await ask(socket, 'four')).toBe('four')
    expect(performance.now() - before).toBeGreaterThanOrEqual(75)
  }
})

test('a silent link takes bytes and delivers none; one that loses answers delivers requests', async () => {
  const socket = await open()
  proxy.set({ isSilent: true })
  expect(await ask(socket, 'lost')).toBe('')
  expect(received).toBe(0)
  proxy.set({ losesAnswers: true })
  expect(await ask(socket, 'heard')).toBe('')
  expect(received).toBe(5)
  proxy.set({})
  expect(await ask(socket, 'again')).toBe('again')
})

test('a cut ends open connections, a reset resets them, and new ones are made', async () => {
  const ended = await open()
  await ask(ended, 'x')
  proxy.cut()
  await once(ended, 'close')
  const reset = await open()
  await ask(reset, 'x')
  const failed = once(reset, 'error')
  proxy.cut('reset')
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
  expect(await ask(await open(), 'y')).toBe('y')
})

test('a refusing link resets new connections, and keeps the open ones', async () => {
  const socket = await open()
  expect(await ask(socket, 'x')).toBe('x')
  proxy.set({ isRefusing: true })
  const refused = connect(proxy.port, '127.0.0.1')
  expect((await once(refused, 'error').catch((error: unknown) => [error]))[0]).toMatchObject({ code: 'ECONNRESET' })
  expect(await ask(socket, 'still')).toBe('still')
})
