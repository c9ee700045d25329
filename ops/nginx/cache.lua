-- Which requests a kept answer may serve, under which key, and what the answer to a write makes of what is kept.

local versions = require 'versions'
local cache = {}

local function number(value)
  return #value <= 10 and string.match(value, '^0*(%d+)$')
end
-- These are echoed as they were sent.
local function digits(value)
  return #value <= 10 and string.match(value, '^%d+$')
end
local sorts = { newest = 'newest', helpful = 'helpful' }
local function sort(value)
  return string.match(value, '^%w+$') and (sorts[value] or 'relevant')
end

local product = { 'product_id', number }
local page, count = { 'page', number, '1' }, { 'count', number, '5' }

-- The public reads. A request that is none of them, to the letter, goes to a node and its answer is not kept.
local reads = {
  { '^/products/(%d+)$', 'product', campus = true },
  { '^/products/(%d+)/styles$', 'product' },
  { '^/products/(%d+)/related$', 'product' },
  { '^/products$', nil, page, count, campus = true },
  { '^/reviews/meta$', 'product', product },
  { '^/reviews$', 'product', product, page, count, { 'sort', sort, 'relevant' } },
  { '^/qa/questions$', 'product', product, page, count },
  { '^/qa/questions/(%d+)/answers$', 'question', { 'page', digits, '' }, { 'count', digits, '' } },
}

-- The path without its base, the base, and the campus that products show.
local function split(path)
  local base, campus = string.match(path, '^(/api/fec2/([%w_-]+))/')
  if not base then base, campus = string.match(path, '^/api/') and '/api' or '', 'hr-rfp' end
  return string.match(string.sub(path, #base + 1), '^(.-)/?$'), base, campus
end

local function find(path)
  for _, read in ipairs(reads) do
    local from, _, id = string.find(path, read[1])
    if from then return read, id end
  end
end

-- The parameters that a read knows, in its order, with what they are when they are missing. Nothing if one could mean
-- something else to a node than it does here.
local function query_of(read, query)
  local given = {}
  for pair in string.gmatch(query, '[^&]+') do
    local name, value = string.match(pair, '^([^=]*)=?(.*)$')
    if given[name] or string.find(name, '[^%w_.-]') then return nil end
    given[name] = value
  end
  local parts = {}
  for at = 3, #read do
    local name, check, default = unpack(read[at])
    local value = given[name] and check(given[name]) or not given[name] and default
    if not value then return nil end
    if value ~= '' then parts[#parts + 1] = name .. '=' .. value end
  end
  return #parts == 0 and '' or '?' .. table.concat(parts, '&')
end

-- A node is asked for just what the key says, so that no answer is kept for another question than the one that was asked.
local function keep(var, path, query)
  local inner, base, campus = split(path)
  local read, id = find(inner)
  local normal = read and (not id or number(id)) and query_of(read, query)
  if not normal then return end
  inner = string.gsub(inner, '/0+(%d)', '/%1')
  id = id and number(id) or string.match(normal, '^%?product_id=(%d+)')
  local group = read[2] and read[2] .. '-' .. id
  var.cache = 'public'
  var.key = versions.of(group) .. ' ' .. inner .. normal .. (read.campus and ' ' .. campus or '')
  var.consistency_token = versions.token_for(group)
  var.target = base .. inner .. normal
end

function cache.route()
  local var = ngx.var
  local method = var.method
  local path, query = string.match(var.request_uri, '^([^?]*)%??(.*)$')
  if method == 'GET' or method == 'HEAD' then return keep(var, path, query) end
  -- NGINX sends a PUT again when a node dies with it; a PATCH only if nothing of it was sent. The node gets the $method.
  ngx.req.set_method(ngx.HTTP_PATCH)
  if method == 'OPTIONS' then return end
  local is_private = string.match(var.uri, '/cart/?$') or string.match(var.uri, '/interactions/?$')
  var.writes = is_private and 'private' or 'public'
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
function cache.refuse()
  local was_lost = ngx.var.writes ~= '' and was_sent(ngx.var)
  ngx.status = was_lost and 502 or 503
  if was_lost then return ngx.print('Error: no answer came, the request may have been carried out') end
  ngx.header['Retry-After'] = 1
  ngx.print('Error: not available now, try again in a moment')
end

function cache.count()
  local status = ngx.var.upstream_cache_status
  if status then ngx.shared.atelierx_state:incr(status, 1, 0) end
end

return cache
