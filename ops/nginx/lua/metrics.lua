-- The response of /metrics: what /status has, and the responses by status, in the text format of Prometheus.

local state = ngx.shared.atelierx_state
local cache_statuses = { 'HIT', 'MISS', 'EXPIRED', 'STALE', 'UPDATING', 'BYPASS' }

local function add(lines, name, kind, help, samples)
  lines[#lines + 1] = '# HELP ' .. name .. ' ' .. help
  lines[#lines + 1] = '# TYPE ' .. name .. ' ' .. kind
  for _, sample in ipairs(samples) do
    lines[#lines + 1] = string.format('%s%s %.0f', name, sample[1], sample[2])
  end
end

return function()
  local lines = {}
  local connections, cached, responses = {}, {}, {}
  for _, kind in ipairs { 'active', 'reading', 'writing', 'waiting' } do
    connections[#connections + 1] = { '{state="' .. kind .. '"}', ngx.var['connections_' .. kind] }
  end
  for _, status in ipairs(cache_statuses) do
    cached[#cached + 1] = { '{status="' .. status .. '"}', state:get(status) or 0 }
  end
  for _, key in ipairs(state:get_keys(0)) do
    local status = string.match(key, '^responses (%d+)$')
    if status then responses[#responses + 1] = { '{status="' .. status .. '"}', state:get(key) or 0 } end
  end
  table.sort(responses, function(one, other) return one[1] < other[1] end)
  add(lines, 'atelierx_balancer_connections', 'gauge', 'Connections, by state', connections)
  add(lines, 'atelierx_balancer_responses_total', 'counter', 'Responses to clients, by status', responses)
  add(lines, 'atelierx_cache_responses_total', 'counter', 'Responses of cacheable reads, by cache status', cached)
  add(lines, 'atelierx_cache_invalidations_total', 'counter', 'Invalidations of a group, and of everything', {
    { '{scope="group"}', state:get('changes') or 0 },
    { '{scope="all"}', state:get('all') },
  })
  add(lines, 'atelierx_cache_groups_free_bytes', 'gauge', 'Room for the versions of groups', {
    { '', ngx.shared.atelierx_groups:free_space() },
  })
  ngx.header['Content-Type'] = 'text/plain; version=0.0.4; charset=utf-8'
  ngx.say(table.concat(lines, '\n'))
end
