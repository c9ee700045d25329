export { type AppOptions, createApp } from './app.ts'
export type { AppOf } from './hc.ts'
