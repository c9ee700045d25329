#!/usr/bin/env bash
# Sets up the balancer.
# shellcheck source=ops/aws/host/host.sh
. "$(dirname "$(realpath "$0")")/host.sh"

packages nginx-light libnginx-mod-http-lua
read -ra addresses <<<"$NODES"
cp "$current"/ops/nginx/*.conf "$current"/ops/nginx/host/*.conf /etc/nginx/
cp "$current/ops/nginx/api.lua" /etc/nginx/
"$current/ops/nginx/nodes" /etc/nginx "${addresses[@]/%/:3000}"
# An import on the database's host invalidates the cache.
cat >/etc/nginx/admin.conf <<CONF
listen 127.0.0.1:8081;
listen 10.0.0.10:8081;
allow 127.0.0.1;
allow 10.0.2.10;
deny all;
CONF
# An existing certificate stays in use.
rm -f /etc/nginx/redirect.conf
for key in /etc/letsencrypt/live/*/privkey.pem; do
  if [ -e "$key" ]; then "$current/ops/nginx/tls" /etc/nginx "$(basename "$(dirname "$key")")"; fi
done
install -d -m 0755 /etc/systemd/system/nginx.service.d
cp "$current/ops/systemd/nginx.conf" /etc/systemd/system/nginx.service.d/atelierx.conf
install_metrics
nginx -t
systemctl restart nginx
