-- Lets go of a client that dribbles its body: NGINX itself bounds only the time between two reads.

local body = {}
local deadline_s = 10

local function has_body(var)
  return var.http_content_length or var.http_transfer_encoding or var.server_protocol == 'HTTP/2.0'
end

-- Returns when the body is here. One that is not in time is answered 408.
function body.read()
  if not has_body(ngx.var) then return end
  local timer = ngx.thread.spawn(function()
    ngx.sleep(deadline_s)
    return ngx.exec('@too_slow')
  end)
  ngx.req.read_body()
  ngx.thread.kill(timer)
end

return body
