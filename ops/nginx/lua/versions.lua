-- The versions of cache groups: `product-123`, `question-45`, and `all`. A cache key contains the version of its group,
-- and an invalidation gives the group a new one. No version is used twice.

local state = ngx.shared.atelierx_state
local groups = ngx.shared.atelierx_groups
local versions = {}

-- Stops sending consistency tokens for longer than a replica in use may lag. Meanwhile every read asks the primary.
local function distrust_tokens()
  state:set('distrusts_tokens', true, 60)
end

-- Runs at a start, not at a reload. A restart loses the dictionaries and keeps the files of the cache, so each version
-- contains the time of the start.
function versions.start()
  state:add('started', string.format('%.0f', ngx.now() * 1000))
  state:add('all', 0)
  distrust_tokens()
end

-- The version of all groups together.
function versions.all()
  return state:get('all')
end

-- The version of a group, at a version of `all`.
function versions.of(group, all)
  return state:get('started') .. '.' .. all .. '.' .. (groups:get(group) or '')
end

-- Drops the versions of all groups when there is no room for another. A dropped group would get an old version back, so
-- `all` rises before, so that no group is missed, and after, for responses cached meanwhile.
local function reset_groups()
  distrust_tokens()
  state:incr('all', 1)
  groups:flush_all()
  groups:flush_expired()
  state:incr('all', 1)
end

-- Gives a group a new version: no response cached before is found again.
function versions.invalidate(group)
  if group == 'all' then
    distrust_tokens()
    return state:incr('all', 1)
  end
  if not groups:safe_set(group, state:incr('changes', 1, 0)) then reset_groups() end
end

local function parse_token(token)
  local high, low = string.match(token or '', '^(%x+)/(%x+)$')
  return high and #high <= 8 and #low <= 8 and tonumber(high, 16) * 2 ^ 32 + tonumber(low, 16)
end

-- Stores the consistency token of a write, its WAL position, for a minute. Each worker stores its own maximum, as the
-- dictionary has no atomic maximum. Without a token, tokens are distrusted.
function versions.note_token(group, token)
  local position = parse_token(token)
  if not position then return distrust_tokens() end
  state:set('has_replicas', true)
  local key = group .. '@' .. ngx.worker.id()
  if not groups:safe_set(key, math.max(position, groups:get(key) or 0), 60) then reset_groups() end
end

-- The consistency token for a read of a group, which a replica must have replayed. Empty if unknown: the node then asks
-- the primary.
function versions.token_for(group)
  if state:get('distrusts_tokens') or not state:get('has_replicas') then return '' end
  local largest = 0
  for worker = 0, ngx.worker.count() - 1 do
    largest = math.max(largest, groups:get(group .. '@' .. worker) or 0)
  end
  return string.format('%X/%X', math.floor(largest / 2 ^ 32), largest % 2 ^ 32)
end

-- Notes a write that was sent and not answered. It may still be carried out until its deadline in the database, 10 s
-- later, so it is noted again then. While no node answers, cached responses stay valid.
function versions.note_lost_write()
  state:set('has_lost_write', true)
  if state:add('lost_write_timer', true, 1) then
    ngx.timer.at(10, function() state:set('has_lost_write', true) end)
  end
end

-- Invalidates everything after a lost write, once a node answers again; at most once a second.
function versions.settle_lost_writes()
  if state:get('has_lost_write') and state:add('settled_lost_write', true, 1) then
    state:delete('has_lost_write')
    versions.invalidate('all')
  end
end

return versions
