-- Reads the body of a request within a deadline. NGINX itself limits only the time between two reads.

local body = {}
local deadline_s = 10

local function has_body(var)
  return var.http_content_length or var.http_transfer_encoding or var.server_protocol == 'HTTP/2.0'
end

-- Returns when the whole body has arrived; a late one is answered with 408.
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
