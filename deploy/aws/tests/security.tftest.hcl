mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\": \"2012-10-17\", \"Statement\": []}" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_subnet" {
    defaults = { vpc_id = "vpc-0123456789abcdef0", availability_zone = "eu-central-1a" }
  }
  mock_data "aws_ssm_parameter" {
    defaults = { insecure_value = "ami-0123456789abcdef0" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/pm" }
  }
  mock_resource "aws_ebs_volume" {
    defaults = { id = "vol-0123456789abcdef0", arn = "arn:aws:ec2:eu-central-1:123456789012:volume/vol-0123456789abcdef0" }
  }
  mock_resource "aws_backup_vault" {
    defaults = { arn = "arn:aws:backup:eu-central-1:123456789012:backup-vault:pm" }
  }
  mock_resource "aws_eip" {
    defaults = { public_ip = "198.51.100.7" }
  }
  mock_resource "aws_instance" {
    defaults = { id = "i-0123456789abcdef0" }
  }
}

variables {
  subnet_id      = "subnet-0123456789abcdef0"
  allowed_cidrs  = ["203.0.113.0/24"]
  release_url    = "https://example.org/predictive-maintenance-0.1.0.tar.gz"
  release_sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
}

run "metadata_needs_a_token_and_stays_on_the_host" {
  assert {
    condition     = aws_instance.this.metadata_options[0].http_tokens == "required"
    error_message = "IMDSv1 must be off."
  }
  assert {
    condition     = aws_instance.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Pods must not reach the metadata service."
  }
}

run "every_byte_at_rest_is_encrypted_with_our_key" {
  assert {
    condition     = aws_instance.this.root_block_device[0].encrypted && aws_instance.this.root_block_device[0].kms_key_id == aws_kms_key.this.arn
    error_message = "The root volume must be encrypted."
  }
  assert {
    condition     = aws_ebs_volume.data.encrypted && aws_ebs_volume.data.kms_key_id == aws_kms_key.this.arn
    error_message = "The data volume must be encrypted."
  }
  assert {
    condition     = aws_backup_vault.this.kms_key_arn == aws_kms_key.this.arn && aws_kms_key.this.enable_key_rotation
    error_message = "Snapshots must be encrypted, and the key must rotate."
  }
}

run "only_web_ports_are_open_and_only_to_the_named_networks" {
  assert {
    condition     = toset([for r in aws_vpc_security_group_ingress_rule.web : "${r.cidr_ipv4} ${r.from_port}-${r.to_port}"]) == toset(["203.0.113.0/24 80-80", "203.0.113.0/24 443-443"])
    error_message = "Exactly 80 and 443 are open."
  }
  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.challenge) == 0
    error_message = "Port 80 is open to everybody only for Let's Encrypt."
  }
}

run "snapshots_are_taken_of_the_data_volume" {
  assert {
    condition     = contains(aws_backup_selection.this.resources, aws_ebs_volume.data.arn)
    error_message = "The data volume must be in the backup plan."
  }
  assert {
    condition     = aws_ebs_volume.data.final_snapshot
    error_message = "Destroying must leave a snapshot."
  }
}

run "address_is_the_name_when_there_is_no_domain" {
  assert {
    condition     = output.url == "http://198.51.100.7.sslip.io/"
    error_message = "The URL must be the address."
  }
  assert {
    condition     = strcontains(output.user_data, "--host 198.51.100.7.sslip.io --profile single-node --ingress traefik")
    error_message = "The bootstrap must get the same name."
  }
  assert {
    condition     = output.session == "aws ssm start-session --target i-0123456789abcdef0"
    error_message = "The session command names the instance."
  }
}

run "domain_with_certificate" {
  variables {
    domain          = "pm.example.org"
    zone_id         = "Z0123456789"
    tls_email       = "ops@example.org"
    challenge_cidrs = ["0.0.0.0/0"]
    registry        = "ghcr.io/example"
  }
  assert {
    condition     = output.url == "https://pm.example.org/" && strcontains(output.user_data, "--registry ghcr.io/example --tls-email ops@example.org")
    error_message = "Domain, registry and address reach the bootstrap."
  }
  assert {
    condition     = aws_route53_record.this[0].name == "pm.example.org" && one(aws_route53_record.this[0].records) == "198.51.100.7"
    error_message = "The name leads to the address."
  }
  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.challenge) == 1 && aws_vpc_security_group_ingress_rule.challenge["0.0.0.0/0"].to_port == 80
    error_message = "Let's Encrypt must reach port 80."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    name           = "-"
    subnet_id      = "default"
    allowed_cidrs  = ["everybody"]
    release_url    = "http://example.org/x.zip"
    release_sha256 = "latest"
    profile        = "huge"
    ingress        = "haproxy"
    instance_type  = "t2.nano"
    data_gib       = 3
    snapshot_days  = 0
    domain         = "no name"
    registry       = "'; rm -rf /"
  }
  expect_failures = [
    var.name, var.subnet_id, var.allowed_cidrs, var.release_url, var.release_sha256, var.profile, var.ingress,
    var.instance_type, var.data_gib, var.snapshot_days, var.domain, var.registry,
  ]
}

run "certificate_without_a_domain_is_refused" {
  command = plan
  variables {
    tls_email = "ops@example.org"
  }
  expect_failures = [var.tls_email]
}

run "address_that_is_none_is_refused" {
  command = plan
  variables {
    domain    = "pm.example.org"
    tls_email = "nobody"
  }
  expect_failures = [var.tls_email]
}

run "certificate_that_nobody_could_check_is_refused" {
  command = plan
  variables {
    domain    = "pm.example.org"
    tls_email = "ops@example.org"
  }
  expect_failures = [var.tls_email]
}

run "record_without_a_fixed_address_is_refused" {
  command = plan
  variables {
    elastic_ip = false
    domain     = "pm.example.org"
    zone_id    = "Z0123456789"
  }
  expect_failures = [var.zone_id]
}
