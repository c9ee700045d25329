import { importFolder } from '../load.ts'
import { silent } from '../progress.ts'

// An import in a process of its own, which kills itself: `<url> <folder> <rejects> <phase> <steps> <milliseconds>` later.
const [url = '', folder = '', rejects = '', phase, steps, afterMs] = process.argv.slice(2)

const kill = () => process.kill(process.pid, 'SIGKILL')
let parts = 0
const reach = (name: string, done: number) => {
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
    read: () => reach('loading rows', (parts += 1)),
    phase: (name, done) => {
      if (name !== 'loading rows') reach(name, done)
    },
  },
})
