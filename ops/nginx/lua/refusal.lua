-- What the balancer itself refuses, as a node would: the contract's text, or problem details (RFC 9457) for a client that
-- accepts them. Both are in the module `api`.

local api = require 'api'
local refusal = {}

local function accepts_problem(accept)
  return accept and ngx.re.find(accept, [[application/problem\+json(?!\s*;\s*q=0(\.0*)?\s*(,|$))]], 'ijo')
end

-- The path as JSON has it; nothing of a request whose line could not be read.
local function instance_of(target)
  local path = string.match(target or '', '^(/[^?#]*)')
  if not path then return '' end
  return ',"instance":"' .. string.gsub(path, '[^%w/._~:@!$&\'()*+,;=%%-]', function(character)
    return string.format('%%%02X', string.byte(character))
  end) .. '"'
end

function refusal.answer(status)
  local found = api.refusals[tostring(status)] or api.refusals[status < 500 and '400' or '500']
  local header = ngx.header
  ngx.status = status
  if status == 405 then header['Allow'] = api.methods end
  if status == 429 or status == 503 then header['Retry-After'] = 1 end
  local is_problem = accepts_problem(ngx.var.http_accept)
  local body = is_problem and found.problem .. instance_of(ngx.var.request_uri) .. '}' or found.text
  header['Content-Type'] = is_problem and 'application/problem+json' or 'text/plain; charset=UTF-8'
  header['Content-Length'] = #body
  ngx.print(body)
end

return refusal
