import { startEmbedded } from '../embedded/start.ts'

// A process that holds the server of a folder, says its address, and lets go of it when its input ends.
const { url, stop } = await startEmbedded(process.argv[2] ?? '')
console.log(url)
for await (const _ of process.stdin);
await stop()
