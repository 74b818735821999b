# `docker buildx bake -f docker/docker-bake.hcl --push`: all three services for both architectures.

variable "REGISTRY" {
  # Such as 111122223333.dkr.ecr.eu-west-1.amazonaws.com/
  default = ""
}

variable "TAG" {
  default = "latest"
}

group "default" {
  targets = ["service"]
}

target "service" {
  name       = service
  matrix     = { service = ["service-a", "service-b", "service-c"] }
  context    = "."
  dockerfile = "docker/Dockerfile"
  args       = { SERVICE = service }
  platforms  = ["linux/arm64", "linux/amd64"]
  tags       = ["${REGISTRY}${service}:${TAG}"]
}
