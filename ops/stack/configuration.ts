import { fileURLToPath } from 'node:url'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints as api } from '../../handlers/index.ts'
import { buildApiModule } from '../nginx/api.ts'

/** The options of a local balancer. */
export type BalancerOptions = {
  /** The ports of the nodes, on loopback. */
  readonly ports: readonly number[]
  /** Any free port by default. */
  readonly port?: number
  /** The limits for one client address; `on` by default. */
  readonly limits?: 'on' | 'off'
  /** False passes every request to a node. */
  readonly cache?: boolean
  /** True serves `/admin` and the endpoints for the admin at the public port. */
  readonly servesAdmin?: boolean
  /** The endpoints of the nodes; those of the API by default. */
  readonly endpoints?: Readonly<Record<string, Endpoint>>
}

/** The configuration that all balancers share. */
export const sharedFolder = fileURLToPath(new URL('../nginx', import.meta.url))

/** The files of a local balancer, by name: those that ops/nginx/host has for a host, and `api.lua`. */
export const buildConfiguration = (
  { limits = 'on', cache = true, servesAdmin = false, endpoints = api }: BalancerOptions,
  modules: readonly string[],
  {
    port,
    adminPort,
    folder,
    cacheFolder,
  }: Readonly<Record<'folder' | 'cacheFolder', string>> & Readonly<Record<'port' | 'adminPort', number>>,
): Readonly<Record<string, string>> => ({
  'api.lua': buildApiModule(endpoints),
  'admin.conf': `listen 127.0.0.1:${adminPort};\nallow 127.0.0.1;\ndeny all;\n`,
  'public.conf': [
    `listen 127.0.0.1:${port} backlog=4096;`,
    ...(limits === 'on' ? ['limit_req zone=requests burst=200 nodelay;', 'limit_conn connections 100;'] : []),
    ...(cache ? [] : ['set $no_cache 1;']),
    ...(servesAdmin ? ["set $is_public '';"] : []),
    '',
  ].join('\n'),
  'nginx.conf': `${modules.map((module) => `load_module ${module};\n`).join('')}
daemon off;
worker_processes 2;
worker_shutdown_timeout 5s;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 8192; }
http {
    lua_package_path '${folder}/?.lua;${sharedFolder}/lua/?.lua;;';
    proxy_cache_path ${cacheFolder} levels=1:2 keys_zone=public:128m max_size=6g min_free=512m inactive=1h
        use_temp_path=off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    limit_req_zone $binary_remote_addr zone=requests:1m rate=100r/s;
    limit_conn_zone $binary_remote_addr zone=connections:1m;
    include atelierx.conf;
    access_log access.log requests buffer=64k flush=1s;
}
`,
})
