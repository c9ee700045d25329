-- What the balancer does now, as JSON.

local state = ngx.shared.atelierx_state
local statuses = { 'HIT', 'MISS', 'EXPIRED', 'STALE', 'UPDATING', 'BYPASS' }

return function()
  local total, parts = 0, {}
  for _, status in ipairs(statuses) do
    local times = state:get(status) or 0
    total = total + times
    parts[#parts + 1] = string.format('"%s":%d', status, times)
  end
  local without = (state:get('HIT') or 0) + (state:get('STALE') or 0) + (state:get('UPDATING') or 0)
  ngx.say(string.format(
    '{"connections":{"active":%s,"reading":%s,"writing":%s,"waiting":%s},'
      .. '"cache":{%s,"hit_ratio":%.3f},"invalidated":{"groups":%d,"all":%d},"groups_free_bytes":%d}',
    ngx.var.connections_active, ngx.var.connections_reading, ngx.var.connections_writing, ngx.var.connections_waiting,
    table.concat(parts, ','), total == 0 and 0 or without / total,
    state:get('changes') or 0, state:get('all'), ngx.shared.atelierx_groups:free_space()
  ))
end
