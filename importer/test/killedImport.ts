import { importFolder } from '../load.ts'
import { silent } from '../progress.ts'

// A process that runs an import and kills itself: `<url> <folder> <rejects> <phase> <steps> <milliseconds>`.
const [url = '', folder = '', rejects = '', phase, steps, afterMs] = process.argv.slice(2)

const kill = () => process.kill(process.pid, 'SIGKILL')
let batches = 0
const killAt = (name: string, done: number) => {
  if (name !== phase || done < Number(steps)) return
  if (afterMs === '0') kill()
  else setTimeout(kill, Number(afterMs))
}

await importFolder(url, folder, {
  rejects,
  batchBytes: 16 << 10,
  progress: {
    ...silent,
    begin: (_, isResumed) => console.log(isResumed ? 'goes on' : 'begins'),
    read: () => killAt('loading rows', (batches += 1)),
    phase: (name, done) => {
      if (name !== 'loading rows') killAt(name, done)
    },
  },
})
