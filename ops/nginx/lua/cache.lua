-- Routes requests to the cache or past it, and invalidates responses after writes.

local current_api = require 'current_api'
local error_response = require 'error_response'
local reads = require 'reads'
local versions = require 'versions'
local cache = {}

-- NGINX would answer these itself with 412, or compare dates that responses do not have.
local conditions = {
  ['If-Match'] = 'http_if_match',
  ['If-Modified-Since'] = 'http_if_modified_since',
  ['If-Unmodified-Since'] = 'http_if_unmodified_since',
}

-- Sends a GET or HEAD to the cache if its response can be cached. A node then gets the canonical target of the key: no
-- response is stored under the key of another request.
local function route_read(var, path, query)
  local version = versions.all()
  local read = reads.recognise(current_api(version), path, query)
  if read == false then var.bypass_status = 'BYPASS' end
  if not read then return end
  var.cache_group = read.group
  var.cache_key = versions.of(read.group, version) .. ' ' .. read.key
  var.consistency_token = versions.token_for(read.group)
  var.target = read.target
  for header, variable in pairs(conditions) do
    if var[variable] then ngx.req.clear_header(header) end
  end
  ngx.exec('@cached')
end

-- Prepares a request that is proxied past the cache.
function cache.route_past_cache()
  local var = ngx.var
  local method = var.method
  if method == 'GET' or method == 'HEAD' then return end
  -- NGINX retries a PUT that a node died with, and a PATCH only if none of it was sent. The node gets the $method.
  ngx.req.set_method(var.http_idempotency_key and ngx.HTTP_PUT or ngx.HTTP_PATCH)
  if method == 'OPTIONS' then return end
  var.mutation = reads.is_private_write(current_api(), var.uri) and 'private' or 'public'
end

-- Runs before a request is proxied.
function cache.route()
  local var = ngx.var
  local path, query = string.match(var.request_uri, '^([^?]*)%??(.*)$')
  if var.method == 'GET' or var.method == 'HEAD' then return route_read(var, path, query) end
  cache.route_past_cache()
end

-- True if a node may have received the request. NGINX counts sent bytes at the end of an attempt, not before.
local function was_sent(var)
  return string.find(var.upstream_bytes_sent or '', '[1-9]') or string.find(var.upstream_header_time or '', '%d')
end

-- Invalidates what a write changed, before its client receives the response.
function cache.invalidate_changes()
  local var = ngx.var
  local status = tonumber(string.match(var.upstream_status or '', '(%d+)$'))
  if not status then return end
  if status < 500 then versions.settle_lost_writes() end
  if var.mutation == '' then return end

  local groups = var.upstream_http_cache_group_invalidation
  if groups then
    for group in string.gmatch(groups, '"([^"]*)"') do
      versions.note_token(group, var.upstream_http_consistency_token)
      versions.invalidate(group)
    end
  elseif var.mutation == 'public' and status >= 500 and was_sent(var) then
    versions.note_lost_write()
  end
end

-- Answers a request that no node answered: 502 for a write that may have been carried out, 503 for everything else.
function cache.answer_for_nodes()
  local is_lost_write = ngx.var.mutation ~= '' and was_sent(ngx.var)
  error_response.send(is_lost_write and 502 or 503)
end

-- Handles POST /invalidate.
function cache.invalidate_all()
  versions.note_token('all', ngx.var.http_consistency_token)
  versions.invalidate('all')
  ngx.exit(ngx.HTTP_NO_CONTENT)
end

-- Counts a response by its cache status for /status, and by its status for /metrics.
function cache.count_status()
  local status = ngx.var.cache_status
  if status ~= '' then ngx.shared.atelierx_state:incr(status, 1, 0) end
  ngx.shared.atelierx_state:incr('responses ' .. ngx.status, 1, 0)
end

return cache
