import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { compilerOptions, createProject } from './project.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of a project that has installed the package and compiled the snippets to `out`, and the tarball. */
    project: { readonly folder: string; readonly tarball: string }
  }
}

export default async ({ provide }: TestProject) => {
  const project = await createProject()
  await copyFile(join(import.meta.dirname, 'consumer/types.ts'), join(project.folder, 'types.ts'))
  await writeFile(
    join(project.folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, module: 'nodenext', outDir: 'out' }, include: ['*.ts'] }),
  )
  await project.run('npx', ['tsc'])
  provide('project', { folder: project.folder, tarball: project.tarball })
  return project.remove
}
