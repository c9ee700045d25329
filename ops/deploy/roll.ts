import { UserError } from '../../db/commandLine.ts'
import { smoke } from './smoke.ts'
import { type Node, run, runLine, type Target } from './target.ts'

/** What a deploy tells while it works. */
export type Tell = (line: string) => void

/**
 * Replaces the build of each node, one by one: out of the balancer, replaced, ready, tried, and back in. The migrations go
 * first. At the first failure it gives that node its old build back, touches no other, and rejects with a `UserError`.
 */
export const roll = async (
  { balancer, database, nodes, commands }: Target,
  build: string,
  tell: Tell,
): Promise<void> => {
  const atBalancer = (path: string) =>
    run(balancer.on, 'curl', '--silent', '--show-error', '--fail-with-body', '--request', 'POST', balancer.admin + path)
  const replace = async (node: Node, by: string) => {
    await runLine(node.on, commands.replace, by)
    await smoke(node)
  }

  tell(`Migrating the database to ${build}.`)
  await runLine(database.on, commands.migrate, build).catch((error: Error) => {
    throw new UserError(`The migrations failed, and no node was touched: mend them and deploy again.\n${error.message}`)
  })

  for (const node of nodes) {
    const before = await runLine(node.on, commands.current, build)
    tell(`${node.address}: ${before} is replaced by ${build}.`)
    // One node alone has nobody to leave its clients to.
    if (nodes.length > 1) {
      await atBalancer(`/drain?node=${node.address}`).catch((error: Error) => {
        throw new UserError(`The balancer does not leave ${node.address} out: mend it first.\n${error.message}`)
      })
    }
    const failure = await replace(node, build).then(
      () => undefined,
      async (error: Error) => {
        await replace(node, before).catch((worse: Error) => neither(node, before, error, worse))
        return error
      },
    )
    if (nodes.length > 1) await atBalancer('/undrain')
    if (failure)
      throw new UserError(
        `${node.address} did not come up, and runs ${before} again; no node after it was touched.\n${failure.message}`,
      )
    tell(`${node.address}: serves again.`)
  }
  await runLine(balancer.on, commands.inform, build).catch((error: Error) => {
    throw new UserError(`All nodes run ${build}, but the balancer was not told of it: deploy again.\n${error.message}`)
  })
  // What it keeps are answers of the build before.
  await atBalancer('/invalidate')
}

const neither = (node: Node, before: string, error: Error, worse: Error): never => {
  throw new UserError(
    `${node.address} came up neither on the new build nor on ${before}: look at its journal.\n${error.message}\n${worse.message}`,
  )
}
