-- For wrk: sends the requests of a file in turn and prints the result as one line of JSON. A line of the file is a
-- method, a path and, where there is one, a body.
local requests, at = {}, 0

function init(args)
  -- Written before any is sent: wrk shares its core with the database.
  for line in io.lines(args[1]) do
    local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
    local headers = #body > 0 and { ["Content-Type"] = "application/json" } or nil
    requests[#requests + 1] = wrk.format(method, path, headers, #body > 0 and body or nil)
  end
  math.randomseed(os.time())
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format('\n{"rps": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "failed": %d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000, failed))
end
