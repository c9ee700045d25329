-- What was written, by name: `product:123`, `question:45`, and `all`. Whoever keeps an answer puts the stamp of what it
-- shows into its key. A change makes a new stamp, and no stamp ever comes again.

local state = ngx.shared.atelierx_state
local names = ngx.shared.atelierx_names
local generations = {}

-- What was written lately is not known for sure: every read asks the primary, for longer than a replica in use may lag.
local function be_unsure()
  state:set('unsure', true, 60)
end

-- Runs once for a start, not for a reload: a restart loses the dictionaries, but not what lies on the disk.
function generations.begin()
  state:add('began', string.format('%.0f', ngx.now() * 1000))
  state:add('all', 0)
  be_unsure()
end

function generations.stamp(name)
  return state:get('began') .. '.' .. state:get('all') .. '.' .. (name and names:get(name) or '')
end

-- A name whose number was dropped to make room for another would have an old stamp again. When there is no room, all is
-- forgotten instead: before the names go, so that none of them is missed, and after, for what was asked meanwhile.
local function begin_again()
  be_unsure()
  state:incr('all', 1)
  names:flush_all()
  names:flush_expired()
  state:incr('all', 1)
end

function generations.forget(name)
  if name == 'all' then
    be_unsure()
    return state:incr('all', 1)
  end
  if not names:safe_set(name, state:incr('changes', 1, 0)) then begin_again() end
end

local function number_of(lsn)
  local high, low = string.match(lsn or '', '^(%x+)/(%x+)$')
  return high and #high <= 8 and #low <= 8 and tonumber(high, 16) * 2 ^ 32 + tonumber(low, 16)
end

-- With replicas, a write says up to where in the database's log it is. Each worker keeps the largest that it heard of, so
-- that none overwrites another's.
function generations.written(name, lsn)
  local written = number_of(lsn)
  if not written then return be_unsure() end
  state:set('replicas', true)
  local key = name .. '@' .. ngx.worker.id()
  if not names:safe_set(key, math.max(written, names:get(key) or 0), 60) then begin_again() end
end

-- How far a replica must have read the log to show what was written. Nothing if that is not known: then the node asks.
function generations.read_after(name)
  if state:get('unsure') or not state:get('replicas') then return '' end
  local largest = 0
  for worker = 0, ngx.worker.count() - 1 do
    largest = math.max(largest, name and names:get(name .. '@' .. worker) or 0)
  end
  return string.format('%X/%X', math.floor(largest / 2 ^ 32), largest % 2 ^ 32)
end

-- A write that was sent and not answered may have been done, or be done yet. Nobody was told so; what is kept stays as
-- long as no node answers, and is forgotten when one does, and again when the database has let go of such a write.
function generations.doubt()
  state:set('doubt', true)
  if state:add('doubted', true, 1) then
    ngx.timer.at(10, function() state:set('doubt', true) end)
  end
end

function generations.settle()
  if state:get('doubt') and state:add('settled', true, 1) then
    state:delete('doubt')
    generations.forget('all')
  end
end

return generations
