# `docker buildx bake -f docker/docker-bake.hcl --load`: all services for this machine's processor, into its Docker. It is no
# way to AWS, where each repository has a generated name and takes a tag once: docker/README.md has that.

group "default" {
  targets = ["service"]
}

target "service" {
  name       = service
  matrix     = { service = ["service-a", "service-b", "service-c"] }
  context    = "."
  dockerfile = "docker/Dockerfile"
  args       = { SERVICE = service }
  tags       = ["${service}:latest"]
}
