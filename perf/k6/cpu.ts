import { readdir, readFile } from 'node:fs/promises'

/** How many cores the programs of a run kept busy, by their names, since the last look. */
export type Cores = Readonly<Record<string, number>>

type Process = { readonly pid: number; readonly parent: number; readonly name: string; readonly ticks: number }

// Linux counts in hundredths of a second wherever Node runs.
const ticksPerSecond = 100

// Newer releases of Node call their process by its first thread.
const nameOf = (name: string) => (name === 'MainThread' ? 'node' : name)

const readProcess = async (pid: string): Promise<Process | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The name may hold spaces and parentheses.
  const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)/s.exec(stat ?? '') ?? []
  const fields = rest.split(' ')
  if (!name) return undefined
  const ticks = Number(fields[11]) + Number(fields[12])
  return { pid: Number(pid), parent: Number(fields[1]), name: nameOf(name), ticks }
}

const isWithin = (process: Process | undefined, roots: readonly number[], all: ReadonlyMap<number, Process>): boolean =>
  process !== undefined && (roots.includes(process.pid) || isWithin(all.get(process.parent), roots, all))

/** Looks at some processes and all that they started, where there is a /proc; says nothing where there is none. */
export const watchCores = (roots: readonly number[]) => {
  let before = new Map<number, Process>()
  let then = performance.now()

  return async (): Promise<Cores> => {
    const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
    const processes = (await Promise.all(pids.map(readProcess))).filter((process) => process !== undefined)
    const all = new Map(processes.map((process) => [process.pid, process]))
    const now = performance.now()
    const cores: Record<string, number> = {}
    for (const process of processes) {
      const last = before.get(process.pid)
      if (!last || !isWithin(process, roots, all)) continue
      const name = process.pid === globalThis.process.pid ? 'this runner' : process.name
      cores[name] = (cores[name] ?? 0) + ((process.ticks - last.ticks) / ticksPerSecond / (now - then)) * 1000
    }
    before = all
    then = now
    return cores
  }
}
