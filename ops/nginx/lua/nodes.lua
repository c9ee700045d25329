-- Drains one node at a time during a deploy.

local state = ngx.shared.atelierx_state
local nodes = {}

-- The upstream that gets requests: `nodes`, or the one of without.conf that lacks the drained node.
function nodes.upstream()
  return state:get('upstream') or 'nodes'
end

-- Drains a node, if the others answer. An aborted deploy leaves it drained for ten minutes at most.
function nodes.drain(address)
  local upstream = 'without_' .. string.gsub(address or '', '[.:]', '_')
  if not string.match(upstream, '^[%w_]+$') then return ngx.exit(ngx.HTTP_BAD_REQUEST) end
  local answer = ngx.location.capture('/others', { args = { upstream = upstream } })
  if answer.status ~= 200 then
    ngx.status = ngx.HTTP_CONFLICT
    return ngx.say('The other nodes do not answer, or ', address, ' is not a node.')
  end
  state:set('upstream', upstream, 600)
  ngx.exit(ngx.HTTP_NO_CONTENT)
end

function nodes.undrain()
  state:delete('upstream')
  ngx.exit(ngx.HTTP_NO_CONTENT)
end

return nodes
