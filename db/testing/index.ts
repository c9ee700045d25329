export { stub } from './stub.ts'
export { createTestDb, type TestDb, type TestDbOptions } from './testDb.ts'
