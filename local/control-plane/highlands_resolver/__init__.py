"""The DNS of a VPC: what Route 53 Resolver answers at the VPC's base address plus two, from a file that the agent writes."""
