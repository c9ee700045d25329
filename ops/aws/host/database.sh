#!/usr/bin/env bash
# Sets up the database's host, on a volume that outlives it.
# shellcheck source=ops/aws/host/host.sh
. "$(dirname "$(realpath "$0")")/host.sh"

device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME/-/}
until [ -e "$device" ]; do sleep 2; done
[ -n "$(lsblk --noheadings --output FSTYPE "$device")" ] || mkfs.ext4 -q "$device"
mkdir -p /var/lib/postgresql
grep -q /var/lib/postgresql /etc/fstab || echo "$device /var/lib/postgresql ext4 noatime 0 2" >>/etc/fstab
mountpoint -q /var/lib/postgresql || mount /var/lib/postgresql

packages openssl postgresql-common
sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
packages postgresql-15
chown postgres: /var/lib/postgresql
# On a volume with data, this uses the data.
[ -d /etc/postgresql/15/main ] || pg_createcluster --locale C.UTF-8 15 main -- --data-checksums

tls=/var/lib/postgresql/tls
if [ ! -e $tls/server.crt ]; then
  install -d -m 0700 -o postgres -g postgres $tls
  openssl req -x509 -nodes -newkey rsa:3072 -days 3650 -subj "/CN=$STACK database authority" \
    -keyout $tls/authority.key -out $tls/authority.crt
  openssl req -x509 -nodes -newkey rsa:3072 -days 3650 -subj /CN=10.0.2.10 -addext subjectAltName=IP:10.0.2.10 \
    -addext basicConstraints=critical,CA:false -CA $tls/authority.crt -CAkey $tls/authority.key \
    -keyout $tls/server.key -out $tls/server.crt
  # The authority signs nothing else.
  rm $tls/authority.key
  chown postgres: $tls/*
fi
ln -sfn $tls /etc/postgresql/tls

configuration=/etc/postgresql/15/main
cp "$current/ops/postgres/atelierx.conf" $configuration/conf.d/
# The most nodes that the template allows, so that a new node needs no change here.
max_nodes=3
"$current/ops/postgres/size" --nodes $max_nodes --workers "$NODE_CORES" >$configuration/conf.d/size.conf
echo "archive_command = '$current/ops/postgres/store put s3://$STORE/postgres wal/%f < %p'" \
  >$configuration/conf.d/archive.conf
sed 's#\bNODES\b#10.0.1.0/24#; s#\bREPLICAS\b#10.0.2.0/24#' "$current/ops/postgres/pg_hba.conf" \
  >$configuration/pg_hba.conf
cp "$current/ops/postgres/pg_ident.conf" $configuration/
as_postgres() { (cd / && runuser -u postgres -- "$@"); }
as_postgres aws configure set region "$AWS_DEFAULT_REGION"
systemctl restart postgresql@15-main

as_postgres psql -qAtX -c "select from pg_database where datname = 'atelier'" | grep -q . ||
  as_postgres createdb atelier
as_postgres psql -qX -v ON_ERROR_STOP=1 -d atelier <"$current/ops/postgres/roles.sql"
password=$(aws secretsmanager get-secret-value --secret-id "$SECRET" --query SecretString --output text)
as_postgres psql -qX -v ON_ERROR_STOP=1 <<SQL
alter role atelier_api password '$password' connection limit $((max_nodes * NODE_CORES * 15));
SQL
"$current/ops/aws/host/migrate" "$(basename "$(readlink $current)")"
aws ssm put-parameter --name "/$STACK/database-authority" --type String --overwrite --value "$(cat $tls/authority.crt)"

echo "ATELIER_BACKUPS=s3://$STORE/postgres" >/etc/atelierx/backup.env
cp "$current"/ops/systemd/atelierx-backup.* /etc/systemd/system/
install_metrics
systemctl enable --now atelierx-backup.timer
systemctl start --no-block atelierx-backup.service
