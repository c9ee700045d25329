-- The versions of cache groups: `product-123`, `question-45`, and `all`. The version of its group is in the key of a kept
-- answer. An invalidation makes a new version, and no version ever comes again.

local state = ngx.shared.atelierx_state
local groups = ngx.shared.atelierx_groups
local versions = {}

-- What was written lately is not known for sure: every read asks the primary, for longer than a replica in use may lag.
local function be_unsure()
  state:set('unsure', true, 60)
end

-- Runs once for a start, not for a reload: a restart loses the dictionaries, but not what lies on the disk.
function versions.begin()
  state:add('began', string.format('%.0f', ngx.now() * 1000))
  state:add('all', 0)
  be_unsure()
end

-- The version of all groups together.
function versions.all()
  return state:get('all')
end

-- The version of a group, as of that of all.
function versions.of(group, all)
  return state:get('began') .. '.' .. all .. '.' .. (groups:get(group) or '')
end

-- A group whose version was dropped to make room for another would have an old version again. When there is no room, all
-- are invalidated instead: before the groups go, so that none of them is missed, and after, for what was asked meanwhile.
local function begin_again()
  be_unsure()
  state:incr('all', 1)
  groups:flush_all()
  groups:flush_expired()
  state:incr('all', 1)
end

function versions.invalidate(group)
  if group == 'all' then
    be_unsure()
    return state:incr('all', 1)
  end
  if not groups:safe_set(group, state:incr('changes', 1, 0)) then begin_again() end
end

local function position_of(token)
  local high, low = string.match(token or '', '^(%x+)/(%x+)$')
  return high and #high <= 8 and #low <= 8 and tonumber(high, 16) * 2 ^ 32 + tonumber(low, 16)
end

-- With replicas, a write has a consistency token: its place in the database's log. Each worker keeps the largest that it
-- heard of, so that none overwrites another's.
function versions.note_token(group, token)
  local position = position_of(token)
  if not position then return be_unsure() end
  state:set('replicas', true)
  local key = group .. '@' .. ngx.worker.id()
  if not groups:safe_set(key, math.max(position, groups:get(key) or 0), 60) then begin_again() end
end

-- The token of the last write to a group: how far a replica must have replayed. Nothing if that is not known: then the
-- node asks the primary.
function versions.token_for(group)
  if state:get('unsure') or not state:get('replicas') then return '' end
  local largest = 0
  for worker = 0, ngx.worker.count() - 1 do
    largest = math.max(largest, groups:get(group .. '@' .. worker) or 0)
  end
  return string.format('%X/%X', math.floor(largest / 2 ^ 32), largest % 2 ^ 32)
end

-- A write that was sent and not answered may have been done, or be done yet. Nobody was told so; what is kept stays as
-- long as no node answers, and is invalidated when one does, and again when the database has let go of such a write.
function versions.doubt()
  state:set('doubt', true)
  if state:add('doubted', true, 1) then
    ngx.timer.at(10, function() state:set('doubt', true) end)
  end
end

function versions.settle()
  if state:get('doubt') and state:add('settled', true, 1) then
    state:delete('doubt')
    versions.invalidate('all')
  end
end

return versions
