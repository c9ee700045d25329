import { accessSync, constants } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { onTestFinished, type TestContext } from 'vitest'

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium'
const isThere = (() => {
  try {
    accessSync(executablePath, constants.X_OK)
    return true
  } catch {
    return false
  }
})()

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A Chromium that ends with its test, which is skipped where there is none. */
export const startBrowser = async (context: TestContext): Promise<Browser> => {
  if (!isThere) context.skip(`There is no Chromium at ${executablePath}: name one in CHROMIUM.`)
  const browser = await chromium.launch({ executablePath, args })
  onTestFinished(() => browser.close())
  return browser
}
