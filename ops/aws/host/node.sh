#!/usr/bin/env bash
# Sets up a node.
# shellcheck source=ops/aws/host/host.sh
. "$(dirname "$(realpath "$0")")/host.sh"

id atelierx >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin atelierx

# The database's host publishes its certificate authority.
authority() {
  aws ssm get-parameter --name "/$STACK/database-authority" --query Parameter.Value --output text
}
until authority >/etc/atelierx/authority.crt; do sleep 10; done
chmod 0644 /etc/atelierx/authority.crt
password=$(aws secretsmanager get-secret-value --secret-id "$SECRET" --query SecretString --output text)
install -m 0600 /dev/null /etc/atelierx/node.env
url=postgres://atelier_api:$password@10.0.2.10/atelier
cat >/etc/atelierx/node.env <<ENV
HOST=$(hostname -I | tr ' ' '\n' | grep -m 1 '^10\.0\.1\.')
PORT=3000
DATABASE_URL=$url?sslmode=verify-full&sslrootcert=/etc/atelierx/authority.crt
ENV

cp "$current/ops/systemd/atelierx.service" /etc/systemd/system/
systemctl daemon-reload
systemctl enable atelierx
until systemctl start atelierx; do sleep 10; done
