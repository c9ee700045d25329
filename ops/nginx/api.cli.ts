import { endpoints } from '../../handlers/index.ts'
import { apiOf } from './api.ts'

// What NGINX's cache.lua reads as the module `api`: node --import tsx ops/nginx/api.cli.ts > api.lua
process.stdout.write(apiOf(endpoints))
