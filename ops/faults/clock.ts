// Loaded into a node by tests: each SIGUSR2 moves its clock, an hour ahead and then an hour back.
const now = Date.now
let jumps = 0
const shifted = () => now() + (jumps % 2) * 3_600_000
process.on('SIGUSR2', () => (jumps += 1))
Date.now = shifted
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [shifted()] : args, newTarget) as Date,
})
