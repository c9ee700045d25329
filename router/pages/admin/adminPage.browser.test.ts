import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../../../db/test/database.ts'
import { serveNode } from '../../runtimes/node.ts'
import { startBrowser } from '../../test/browser.ts'

const token = 'admin-token-of-tests'
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
type Finding = { id: string; impact: string }
type Axe = { run: () => Promise<{ violations: Finding[]; incomplete: Finding[] }> }

test('a moderator signs in and works through the queue with the keyboard alone', async (context) => {
  const browser = await startBrowser(context)
  const { url, sql, drop } = await createDatabase({ fixture: true })
  onTestFinished(drop)
  const { port, stop } = await serveNode({ url, host: '127.0.0.1', port: 0, moderation: { token } })
  onTestFinished(() => stop({ drainMs: 0 }))
  await sql`update reviews set reports = 2, reported = true where review_id = 2`
  await sql`update reviews set reports = 5, body = '<img src=x onerror=alert(1)>' where review_id = 1`

  const page = await browser.newPage({ viewport: { width: 1000, height: 1100 } })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  // Scripts of tests are not those of the page: its policy refuses them in any other way.
  const findViolations = async () => {
    await page.evaluate(await readFile(axe, 'utf8'))
    const { violations, incomplete } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run())
    // White text on white is incomplete, not a violation.
    return [...violations, ...incomplete].map(({ id, impact }) => `${impact}: ${id}`)
  }
  const status = page.locator('#status')
  const press = async (name: string) => {
    for (let steps = 0; steps < 60; steps += 1) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate<string>('document.activeElement.textContent')
      if (focused === name) return page.keyboard.press('Enter')
    }
    throw new Error(`Tab does not reach ${name}.`)
  }

  await page.goto(`http://127.0.0.1:${port}/admin`)
  expect(await findViolations()).toEqual([])
  const enter = async (text: string) => {
    await page.locator('#token').focus()
    await page.keyboard.type(text)
    await page.keyboard.press('Enter')
  }
  await enter('wrong')
  await expect.poll(() => status.innerText()).toBe('This token is not the admin token.')
  complaints.length = 0
  await enter(token)
  const titles = page.locator('#list h3')
  await expect.poll(() => titles.allInnerTexts()).toEqual(['review 1: Dry', 'review 2: Stiff', 'review 4: Spam'])
  expect(await page.locator('#list .body').first().innerText()).toBe('<img src=x onerror=alert(1)>')
  expect(await page.locator('#list').innerText()).toContain('By skipper <skipper@mail.example>')
  expect(await findViolations()).toEqual([])
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true })

  await page.locator('#response-1').focus()
  await page.keyboard.type('We will <b>look</b>.')
  await press('Save response')
  await expect.poll(() => status.innerText()).toBe('Answered review 1.')
  await press('Restore review 1')
  await expect.poll(() => status.innerText()).toBe('Restored review 1.')
  expect(await sql`select response, reported, reports from reviews where review_id = 1`).toEqual([
    { response: 'We will <b>look</b>.', reported: false, reports: 0 },
  ])

  await press('Remove review 4')
  await page.locator('dialog[open]').waitFor()
  expect(await findViolations()).toEqual([])
  await page.keyboard.press('Escape')
  expect(await sql`select from reviews where review_id = 4`).toHaveLength(1)
  await press('Remove review 4')
  await page.locator('dialog[open]').waitFor()
  await press('Remove for good')
  await expect.poll(() => status.innerText()).toBe('Removed review 4.')
  expect(await sql`select from reviews where review_id = 4`).toHaveLength(0)
  expect(await titles.allInnerTexts()).toEqual(['review 2: Stiff'])

  await page.locator('#kind').selectOption('questions')
  await expect.poll(() => titles.allInnerTexts()).toEqual(['question 3'])
  await page.reload()
  await expect.poll(() => page.locator('#title').innerText()).toBe('Reported reviews')
  await press('Sign out')
  expect(await page.evaluate('sessionStorage.length')).toBe(0)
  expect(complaints).toEqual([])
})
