import type { Reporter } from 'vitest/node'

/** An e-mail address of the fixture or of an example. */
export const personalText = /[\w.]+@mail\.example/

/** Makes a run fail when a test or the code that it runs prints an e-mail address: a log may not have any. */
export default class PrivacyReporter implements Reporter {
  readonly #found: string[] = []

  onUserConsoleLog({ content }: { readonly content: string }): void {
    if (personalText.test(content)) this.#found.push(content)
  }

  onTestRunEnd(): void {
    if (this.#found.length === 0) return
    console.error(`Something printed the e-mail address of a person:\n${this.#found.join('')}`)
    process.exitCode = 1
  }
}
