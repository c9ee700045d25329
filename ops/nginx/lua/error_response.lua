-- The balancer's own error responses, in the two forms of the API: its text, or problem details (RFC 9457) for a client
-- that accepts them. The module `api` has both.

local current_api = require 'current_api'
local error_response = {}

local function accepts_problem(accept)
  return accept and ngx.re.find(accept, [[application/problem\+json(?!\s*;\s*q=0(\.0*)?\s*(,|$))]], 'ijo')
end

-- The path as a member of the problem. Empty if the request line could not be read.
local function instance_member(target)
  local path = string.match(target or '', '^(/[^?#]*)')
  if not path then return '' end
  return ',"instance":"' .. string.gsub(path, '[^%w/._~:@!$&\'()*+,;=%%-]', function(character)
    return string.format('%%%02X', string.byte(character))
  end) .. '"'
end

function error_response.send(status)
  local api = current_api()
  local failure = api.failures[tostring(status)] or api.failures[status < 500 and '400' or '500']
  local header = ngx.header
  ngx.status = status
  if status == 405 then header['Allow'] = api.methods end
  if status == 429 or status == 503 then header['Retry-After'] = 1 end
  local is_problem = accepts_problem(ngx.var.http_accept)
  local body = is_problem and failure.problem .. instance_member(ngx.var.request_uri) .. '}' or failure.text
  header['Content-Type'] = is_problem and 'application/problem+json' or 'text/plain; charset=UTF-8'
  header['Content-Length'] = #body
  ngx.print(body)
end

return error_response
