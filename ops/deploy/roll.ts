import { UserError } from '../../db/commandLine.ts'
import { smoke } from './smoke.ts'
import { type Node, run, runLine, type DeployTarget } from './target.ts'

/** Prints a line of progress. */
export type Log = (line: string) => void

/**
 * Migrates the database, then drains, replaces and tests each node in turn, and puts it back into the balancer. At the
 * first failure it gives that node its old build back, touches no other, and rejects with a `UserError`.
 */
export const roll = async (
  { balancer, database, nodes, commands }: DeployTarget,
  build: string,
  log: Log,
): Promise<void> => {
  const postToBalancer = (path: string) =>
    run(balancer.on, 'curl', '--silent', '--show-error', '--fail-with-body', '--request', 'POST', balancer.admin + path)
  const replace = async (node: Node, build: string) => {
    await runLine(node.on, commands.replace, build)
    await smoke(node)
  }

  log(`Migrating the database to ${build}.`)
  await runLine(database.on, commands.migrate, build).catch((error: Error) => {
    throw new UserError(
      `The migrations failed, and no node was touched: correct them and deploy again.\n${error.message}`,
    )
  })

  for (const node of nodes) {
    const before = await runLine(node.on, commands.current, build)
    log(`${node.address}: ${before} is replaced by ${build}.`)
    // A single node is not drained: no other could serve its clients.
    if (nodes.length > 1) {
      await postToBalancer(`/drain?node=${node.address}`).catch((error: Error) => {
        throw new UserError(`The balancer does not drain ${node.address}: repair it first.\n${error.message}`)
      })
    }
    const failure = await replace(node, build).then(
      () => undefined,
      async (error: Error) => {
        await replace(node, before).catch((worse: Error) => failBoth(node, before, error, worse))
        return error
      },
    )
    if (nodes.length > 1) await postToBalancer('/undrain')
    if (failure)
      throw new UserError(
        `${node.address} did not come up, and runs ${before} again; no node after it was touched.\n${failure.message}`,
      )
    log(`${node.address}: serves again.`)
  }
  await runLine(balancer.on, commands.inform, build).catch((error: Error) => {
    throw new UserError(
      `All nodes run ${build}, but the balancer did not get its api.lua: deploy again.\n${error.message}`,
    )
  })
  // The cache has responses of the old build.
  await postToBalancer('/invalidate')
}

const failBoth = (node: Node, before: string, error: Error, worse: Error): never => {
  throw new UserError(
    [
      `${node.address} came up neither on the new build nor on ${before}: read its journal.`,
      error.message,
      worse.message,
    ].join('\n'),
  )
}
