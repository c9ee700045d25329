-- For wrk: requests the paths of a file, in turn, and prints what came of it as one line of JSON.
-- Arguments: the file, the method, and the body, if there is one.
local requests, at = {}, 0

function init(args)
  local file, method, body = unpack(args)
  local headers = body and { ["Content-Type"] = "application/json" }
  -- Written before any is sent: the generator shares its core with the database.
  for path in io.lines(file) do requests[#requests + 1] = wrk.format(method, path, headers, body) end
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
