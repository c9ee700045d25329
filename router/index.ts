export { createApp, type Options } from './app.ts'
export type { AppOf } from './hc.ts'
