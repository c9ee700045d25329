import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../db/commandLine.ts'

/** An NGINX that can run Lua: its program, and the modules that it has to load. */
export type Nginx = { readonly program: string; readonly modules: readonly string[] }

/** Finds Debian's NGINX with its Lua module. Rejects with a `UserError` that names the packages. */
export const findNginx = async (): Promise<Nginx> => {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  for (const folder of folders) {
    const program = join(folder, 'nginx')
    if (!(await canAccess(program, constants.X_OK))) continue
    const { stderr } = await promisify(execFile)(program, ['-V'])
    const [, path = ''] = /--modules-path=(\S+)/.exec(stderr) ?? []
    const modules = ['ndk_http_module.so', 'ngx_http_lua_module.so'].map((name) => join(path, name))
    const areInstalled = await Promise.all(modules.map((module) => canAccess(module, constants.R_OK)))
    if (areInstalled.every(Boolean)) return { program, modules }
  }
  throw new UserError('There is no NGINX with Lua here: run apt-get install nginx libnginx-mod-http-lua.')
}

const canAccess = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  )
