#!/bin/sh
# Sends one request with the credentials of the task's role, signed as an SDK signs it.
# ask.sh SERVICE OPTIONS-OF-CURL...
set -eu
credentials=$(curl -s "http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
member() { printf %s "$credentials" | sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
service=$1
shift
exec curl -s --aws-sigv4 "aws:amz:$AWS_REGION:$service" --user "$(member AccessKeyId):$(member SecretAccessKey)" \
  -H "x-amz-security-token: $(member Token)" "$@" "$AWS_ENDPOINT_URL/"
