-- Recognises the requests whose responses can be cached, and writes each in one canonical form.

local reads = {}

-- The canonical text of a parameter, or nothing if only a node can interpret it.
local canonical = {}
function canonical.integer(value)
  return #value <= 10 and string.match(value, '^0*(%d+)$')
end
function canonical.text(value)
  return #value <= 64 and string.match(value, '^[%w_.-]+$')
end
function canonical.enum(value, parameter)
  return canonical.text(value) and (parameter.values[value] and value or parameter.otherwise)
end

-- Splits a path into the path without its base, the base, and the campus in it.
local function split(bases, path)
  for _, pattern in ipairs(bases) do
    local _, last, campus = string.find(path, pattern)
    if last then return string.match(string.sub(path, last), '^(.-)/?$'), string.sub(path, 1, last - 1), campus end
  end
end

-- Returns the read at a path, and the ids in the path by name.
local function find(all, path)
  for _, read in ipairs(all) do
    local ids = { string.match(path, read.pattern) }
    if #ids > 0 then
      local values = {}
      for at, name in ipairs(read.in_path) do values[name] = canonical.integer(ids[at]) end
      return read, values
    end
  end
end

local function parse_query(query)
  local parameters, count = {}, 0
  for pair in string.gmatch(query, '[^&]+') do
    local name, value = string.match(pair, '^([^=]*)=?(.*)$')
    if parameters[name] then return nil end
    parameters[name], count = value, count + 1
  end
  return parameters, count
end

-- Returns the query in the order of the endpoint, with defaults, and adds its parameters to `values`. Returns nothing
-- for an unknown or repeated parameter, or a value that a node might read differently.
local function build_query(read, query, values)
  local sent, unused = parse_query(query)
  if not sent then return nil end
  local parts = {}
  for _, parameter in ipairs(read.parameters) do
    local name, value = parameter.name, sent[parameter.name]
    if value then unused = unused - 1 end
    value = value and canonical[parameter.kind](value, parameter) or not value and parameter.missing
    if not value then return nil end
    values[name] = value
    if value ~= '' then parts[#parts + 1] = name .. '=' .. value end
  end
  if unused > 0 then return nil end
  return #parts == 0 and '' or '?' .. table.concat(parts, '&')
end

local function build_path(read, values)
  local ids = {}
  for at, name in ipairs(read.in_path) do
    if not values[name] then return nil end
    ids[at] = values[name]
  end
  return string.format(read.format, unpack(ids))
end

-- The cache group, key and canonical target of a GET. Nil for a path that is not cached, false for a request that has
-- to bypass the cache.
function reads.recognise(api, path, query)
  local inner, base, campus = split(api.bases, path)
  local read, values = find(api.reads, inner or '')
  if not read then return nil end
  local inner_path, inner_query = build_path(read, values), build_query(read, query, values)
  if not inner_path or not inner_query then return false end
  -- Any text names a campus, and each would fill the cache with responses of its own.
  if read.campus and campus and campus ~= read.campus then return false end
  local target = inner_path .. inner_query
  return {
    group = read.group .. (read.by and values[read.by] or ''),
    key = target,
    target = base .. target,
  }
end

-- True for the path of a write that changes only what its own client sees.
function reads.is_private_write(api, path)
  local inner = split(api.bases, path) or ''
  for _, pattern in ipairs(api.private) do
    if string.match(inner, pattern) then return true end
  end
  return false
end

return reads
