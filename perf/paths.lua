-- For wrk: requests the paths of a file, in turn, and prints what came of it as one line of JSON.
-- Arguments: the file, the method, and the body, if there is one.
local paths, at, method, body, headers = {}, 0, "GET", nil, {}

function init(args)
  for path in io.lines(args[1]) do paths[#paths + 1] = path end
  method = args[2]
  if args[3] then
    body = args[3]
    headers["Content-Type"] = "application/json"
  end
  math.randomseed(os.time())
  at = math.random(#paths)
end

function request()
  at = at % #paths + 1
  return wrk.format(method, paths[at], headers, body)
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format('\n{"rps": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "failed": %d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000, failed))
end
