#!/usr/bin/env bash
# Makes a host the balancer.
# shellcheck source=ops/aws/host.sh
. "$(dirname "$(realpath "$0")")/host.sh"

install nginx-light libnginx-mod-http-lua
read -ra addresses <<<"$NODES"
cp "$current"/ops/nginx/*.conf "$current"/ops/nginx/host/*.conf /etc/nginx/
"$current/ops/nginx/nodes" /etc/nginx "${addresses[@]/%/:3000}"
install -d -m 0755 /var/cache/nginx /etc/systemd/system/nginx.service.d
cp "$current/ops/systemd/nginx.conf" /etc/systemd/system/nginx.service.d/atelierx.conf
install_metrics
nginx -t
systemctl restart nginx
