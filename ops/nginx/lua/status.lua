-- The response of /status: connections, cache statuses and invalidations, as JSON.

local state = ngx.shared.atelierx_state
local statuses = { 'HIT', 'MISS', 'EXPIRED', 'STALE', 'UPDATING', 'BYPASS' }

return function()
  local total, counts = 0, {}
  for _, status in ipairs(statuses) do
    local count = state:get(status) or 0
    total = total + count
    counts[#counts + 1] = string.format('"%s":%d', status, count)
  end
  local from_cache = (state:get('HIT') or 0) + (state:get('STALE') or 0) + (state:get('UPDATING') or 0)
  ngx.say(string.format(
    '{"connections":{"active":%s,"reading":%s,"writing":%s,"waiting":%s},'
      .. '"cache":{%s,"hit_ratio":%.3f},"invalidated":{"groups":%d,"all":%d},"groups_free_bytes":%d}',
    ngx.var.connections_active, ngx.var.connections_reading, ngx.var.connections_writing, ngx.var.connections_waiting,
    table.concat(counts, ','), total == 0 and 0 or from_cache / total,
    state:get('changes') or 0, state:get('all'), ngx.shared.atelierx_groups:free_space()
  ))
end
