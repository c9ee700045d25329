import { endpoints } from '../../handlers/index.ts'
import { buildApiModule } from './api.ts'

// Prints the Lua module `api`: node --import tsx ops/nginx/api.cli.ts > api.lua
process.stdout.write(buildApiModule(endpoints))
