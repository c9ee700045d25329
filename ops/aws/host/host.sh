#!/usr/bin/env bash
# The common setup of all hosts, included by the other scripts of this folder. The template sets the variables.
set -euo pipefail

current=/opt/atelierx/current

packages() {
  until apt-get install -y --no-install-recommends "$@"; do
    sleep 5
    apt-get update || true
  done
}

# The agent for people and deploys: no port is open for them. It is in no archive that apt checks.
agents=https://s3.$AWS_DEFAULT_REGION.amazonaws.com/amazon-ssm-$AWS_DEFAULT_REGION
curl --silent --show-error --fail --retry 5 --output /var/tmp/agent.deb \
  "$agents/$AGENT_VERSION/debian_amd64/amazon-ssm-agent.deb"
sha256sum --check --status <<<"$AGENT_SUM  /var/tmp/agent.deb" || {
  echo "The agent $AGENT_VERSION is not the one that ops/aws/local/create read: its SHA-256 is not $AGENT_SUM." >&2
  exit 1
}
dpkg --install /var/tmp/agent.deb
rm /var/tmp/agent.deb
packages unattended-upgrades

# The path in lua_package_path and in targets, whichever build is current.
ln -sfn current/ops /opt/atelierx/ops

install -d -m 0755 /etc/atelierx
cat >/etc/atelierx/host.env <<ENV
AWS_DEFAULT_REGION=$AWS_DEFAULT_REGION
STACK=$STACK
STORE=$STORE
VOLUME=$VOLUME
ENV

install_metrics() {
  cp "$current"/ops/aws/host/atelierx-metrics.* /etc/systemd/system/
  systemctl daemon-reload
  systemctl enable --now atelierx-metrics.timer
}
