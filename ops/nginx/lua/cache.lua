-- Which requests a kept answer may serve, under which key, and what the answer to a write makes of what is kept. What
-- there is to read and to write says the module `api`, which is made of the endpoints themselves.

local versions = require 'versions'
local cache = {}

-- Read anew when all is invalidated, as a deploy does after it has brought another.
local api, read_at = require 'api', nil
local function api_at(version)
  if version ~= read_at then
    read_at = version
    package.loaded.api = nil
    local is_read, module = pcall(require, 'api')
    if is_read then api = module else ngx.log(ngx.ERR, 'the api stays what it was: ', module) end
  end
  return api
end

-- The text that stands for all that mean the same to a node. Nothing if that is for the node to say.
local normal = {}
function normal.integer(value)
  return #value <= 10 and string.match(value, '^0*(%d+)$')
end
local function plain(value)
  return #value <= 64 and string.match(value, '^[%w_.-]+$')
end
function normal.text(value)
  return plain(value)
end
function normal.enum(value, parameter)
  return plain(value) and (parameter.values[value] and value or parameter.otherwise)
end

-- The path without its base, the base, and the campus in it.
local function split(bases, path)
  for _, pattern in ipairs(bases) do
    local _, last, campus = string.find(path, pattern)
    if last then return string.match(string.sub(path, last), '^(.-)/?$'), string.sub(path, 1, last - 1), campus end
  end
end

-- The read at a path, and the ids in it by their names.
local function find(reads, path)
  for _, read in ipairs(reads) do
    local found = { string.match(path, read.pattern) }
    if #found > 0 then
      local values = {}
      for at, name in ipairs(read.in_path) do values[name] = normal.integer(found[at]) end
      return read, values
    end
  end
end

-- The parameters of a read, in its order, with what they are when they are missing; `values` gets them, too. Nothing if
-- there are others, or if one could mean something else to a node than it does here.
local function query_of(read, query, values)
  local given, names = {}, 0
  for pair in string.gmatch(query, '[^&]+') do
    local name, value = string.match(pair, '^([^=]*)=?(.*)$')
    if given[name] then return nil end
    given[name], names = value, names + 1
  end
  local parts = {}
  for _, parameter in ipairs(read.parameters) do
    local name, value = parameter.name, given[parameter.name]
    if value then names = names - 1 end
    value = value and normal[parameter.kind](value, parameter) or not value and parameter.missing
    if not value then return nil end
    values[name] = value
    if value ~= '' then parts[#parts + 1] = name .. '=' .. value end
  end
  if names > 0 then return nil end
  return #parts == 0 and '' or '?' .. table.concat(parts, '&')
end

local function path_of(read, values)
  local ids = {}
  for at, name in ipairs(read.in_path) do
    if not values[name] then return nil end
    ids[at] = values[name]
  end
  return string.format(read.format, unpack(ids))
end

-- A node is asked for just what the key says, so that no answer is kept for another question than the one that was asked.
local function keep(var, path, query)
  local version = versions.all()
  local api = api_at(version)
  local inner, base, campus = split(api.bases, path)
  local read, values = find(api.reads, inner or '')
  if not read then return end
  local inner, query = path_of(read, values), query_of(read, query, values)
  if not inner or not query then
    var.passed = 'BYPASS'
    return
  end
  local group = read.group .. (read.by and values[read.by] or '')
  local target = inner .. query
  var.group = group
  var.key = versions.of(group, version) .. ' ' .. target .. (read.campus and ' ' .. (campus or read.campus) or '')
  var.consistency_token = versions.token_for(group)
  var.target = base .. target
  -- NGINX would answer these itself, with 412, or compare days that answers do not have.
  for header, variable in pairs(cache.conditions) do
    if var[variable] then ngx.req.clear_header(header) end
  end
  return true
end
cache.conditions = {
  ['If-Match'] = 'http_if_match',
  ['If-Modified-Since'] = 'http_if_modified_since',
  ['If-Unmodified-Since'] = 'http_if_unmodified_since',
}

local function is_private(path)
  local api = api_at(versions.all())
  local inner = split(api.bases, path) or ''
  for _, pattern in ipairs(api.private) do
    if string.match(inner, pattern) then return true end
  end
end

function cache.route()
  local var = ngx.var
  local method = var.method
  local path, query = string.match(var.request_uri, '^([^?]*)%??(.*)$')
  if method == 'GET' or method == 'HEAD' then
    if keep(var, path, query) then ngx.exec('@kept') end
    return
  end
  -- NGINX sends a PUT again when a node dies with it; a PATCH only if nothing of it was sent. The node gets the $method.
  ngx.req.set_method(ngx.HTTP_PATCH)
  if method == 'OPTIONS' then return end
  var.writes = is_private(var.uri) and 'private' or 'public'
end

-- What was sent is counted when a try is over, so not for one that is being answered.
local function was_sent(var)
  return string.find(var.upstream_bytes_sent or '', '[1-9]') or string.find(var.upstream_header_time or '', '%d')
end

-- Before a caller hears that its write was done, nobody can be served what was kept before it.
function cache.learn()
  local var = ngx.var
  local status = tonumber(string.match(var.upstream_status or '', '(%d+)$'))
  if not status then return end
  if status < 500 then versions.settle() end
  if var.writes == '' then return end

  local invalidated = var.upstream_http_cache_group_invalidation
  if invalidated then
    for group in string.gmatch(invalidated, '"([^"]*)"') do
      versions.note_token(group, var.upstream_http_consistency_token)
      versions.invalidate(group)
    end
  elseif var.writes == 'public' and status >= 500 and was_sent(var) then
    versions.doubt()
  end
end

-- What a caller hears when no node answered.
function cache.unanswered()
  local was_lost = ngx.var.writes ~= '' and was_sent(ngx.var)
  require('refusal').answer(was_lost and 502 or 503)
end

function cache.invalidate_all()
  versions.note_token('all', ngx.var.http_consistency_token)
  versions.invalidate('all')
  ngx.exit(ngx.HTTP_NO_CONTENT)
end

function cache.count()
  local status = ngx.var.cache_status
  if status ~= '' then ngx.shared.atelierx_state:incr(status, 1, 0) end
end

return cache
