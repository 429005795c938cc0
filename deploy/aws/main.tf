locals {
  tags    = merge({ Name = var.name, "app.kubernetes.io/part-of" = "predictive-maintenance" }, var.tags)
  address = var.elastic_ip ? aws_eip.this[0].public_ip : ""
  host    = var.domain != "" ? var.domain : "${local.address}.sslip.io"
  options = concat(
    ["--host", local.host, "--profile", var.profile, "--ingress", var.ingress],
    var.registry == "" ? [] : ["--registry", var.registry],
    var.tls_email == "" ? [] : ["--tls-email", var.tls_email],
  )
  # Nitro shows a volume under its id; it is attached after the host has begun to boot.
  device = "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${replace(aws_ebs_volume.data.id, "-", "")}"
  user_data = templatefile("${path.module}/cloud-init.yaml.tftpl", {
    script = file("${path.module}/first-boot.sh")
    settings = join("\n", [
      "RELEASE_URL='${var.release_url}'",
      "RELEASE_SHA256=${var.release_sha256}",
      "DATA_DEVICE=${local.device}",
      "OPTIONS='${join(" ", local.options)}'",
      "",
    ])
  })
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
}

resource "aws_instance" "this" {
  ami                         = data.aws_ssm_parameter.image.insecure_value
  instance_type               = var.instance_type
  iam_instance_profile        = aws_iam_instance_profile.host.name
  user_data_base64            = base64gzip(local.user_data)
  user_data_replace_on_change = false
  ebs_optimized               = true
  monitoring                  = true
  disable_api_termination     = var.protect
  tags                        = local.tags

  network_interface {
    network_interface_id = aws_network_interface.this.id
    device_index         = 0
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = 20
    encrypted   = true
    kms_key_id  = aws_kms_key.this.arn
    tags        = merge(local.tags, { Name = "${var.name}-root" })
  }

  # A newer image or another first boot is for the next host, not for this one.
  lifecycle {
    ignore_changes = [ami, user_data_base64]
  }

  depends_on = [aws_eip.this, aws_iam_role_policy_attachment.host, aws_vpc_security_group_egress_rule.out]
}
