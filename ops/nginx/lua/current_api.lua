-- The module `api`, which ops/nginx/api.ts derives from the endpoints. A deploy replaces its file and then invalidates
-- everything, so each worker reads it again when the version of `all` changes. A broken file leaves the old one in use.

local versions = require 'versions'
local api, version_read = require 'api', nil

return function(version)
  version = version or versions.all()
  if version ~= version_read then
    version_read = version
    package.loaded.api = nil
    local is_read, module = pcall(require, 'api')
    if is_read then api = module else ngx.log(ngx.ERR, 'api.lua cannot be read, the old one stays in use: ', module) end
  end
  return api
end
