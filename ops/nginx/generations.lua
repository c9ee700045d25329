-- What was written, by name: `product:123`, `question:45`, and `all`. Whoever keeps an answer puts the stamp of what it
-- shows into its key. A change makes a new stamp, and no stamp ever comes again.

local state = ngx.shared.atelierx_state
local names = ngx.shared.atelierx_names
local generations = {}

-- Runs once for a start, not for a reload: a restart loses the dictionaries, but not what lies on the disk.
function generations.begin()
  state:add('began', string.format('%.0f', ngx.now() * 1000))
  state:add('all', 0)
end

function generations.stamp(name)
  return state:get('began') .. '.' .. state:get('all') .. '.' .. (name and names:get(name) or '')
end

local function number_of(lsn)
  local high, low = string.match(lsn or '', '^(%x+)/(%x+)$')
  return high and #high <= 8 and #low <= 8 and tonumber(high, 16) * 2 ^ 32 + tonumber(low, 16) or nil
end

-- The largest position in the database's log that a worker heard of. Each keeps its own, so that none overwrites another's.
local function remember(name, lsn)
  local written = number_of(lsn)
  if not written then return true end
  state:set('replicas', true)
  local key = name .. '@' .. ngx.worker.id()
  return written <= (names:get(key) or 0) or names:safe_set(key, written)
end

-- The position that a replica must have reached to show what was written; nothing where there are no replicas.
function generations.read_after(name)
  if not state:get('replicas') then return '' end
  local written = 0
  for worker = 0, ngx.worker.count() - 1 do
    written = math.max(written, names:get('all@' .. worker) or 0, name and names:get(name .. '@' .. worker) or 0)
  end
  if written == 0 then return '' end
  return string.format('%X/%X', math.floor(written / 2 ^ 32), written % 2 ^ 32)
end

-- A name whose number was dropped to make room for another would have an old stamp again. When there is no room, all is
-- forgotten instead: before the names go, so that none of them is missed, and after, for what was asked meanwhile.
local function begin_again(lsn)
  state:incr('all', 1)
  names:flush_all()
  names:flush_expired()
  remember('all', lsn)
  state:incr('all', 1)
end

function generations.forget(name, lsn)
  local remembered = remember(name, lsn)
  local forgotten = name == 'all' and state:incr('all', 1) or names:safe_set(name, state:incr('changes', 1, 0))
  if not (remembered and forgotten) then begin_again(lsn) end
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
