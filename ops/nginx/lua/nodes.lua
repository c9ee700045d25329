-- Which nodes get requests: all of them, or all but the one that a deploy replaces.

local state = ngx.shared.atelierx_state
local nodes = {}

-- The name of an upstream, in atelierx.conf or in without.conf.
function nodes.upstream()
  return state:get('upstream') or 'nodes'
end

-- Leaves a node out, if the others answer. A deploy that was broken off has no say for longer than ten minutes.
function nodes.drain(address)
  local upstream = 'without_' .. string.gsub(address or '', '[.:]', '_')
  if not string.match(upstream, '^[%w_]+$') then return ngx.exit(ngx.HTTP_BAD_REQUEST) end
  local answer = ngx.location.capture('/others', { args = { upstream = upstream } })
  if answer.status ~= 200 then
    ngx.status = ngx.HTTP_CONFLICT
    return ngx.say('The others do not answer, or ', address, ' is no node.')
  end
  state:set('upstream', upstream, 600)
  ngx.exit(ngx.HTTP_NO_CONTENT)
end

function nodes.undrain()
  state:delete('upstream')
  ngx.exit(ngx.HTTP_NO_CONTENT)
end

return nodes
