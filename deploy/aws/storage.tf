data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

resource "aws_kms_key" "this" {
  description             = "Volumes and snapshots of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  # The account decides by its own policies who may use the key; "*" is the key itself.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Account"
      Effect    = "Allow"
      Action    = "kms:*"
      Resource  = "*"
      Principal = { AWS = "arn:${data.aws_partition.this.partition}:iam::${data.aws_caller_identity.this.account_id}:root" }
    }]
  })
  tags = local.tags
}

resource "aws_ebs_volume" "data" {
  availability_zone = data.aws_subnet.this.availability_zone
  size              = var.data_gib
  type              = "gp3"
  encrypted         = true
  kms_key_id        = aws_kms_key.this.arn
  # Destroying the installation leaves a snapshot of its data.
  final_snapshot = true
  tags           = merge(local.tags, { Name = "${var.name}-data" })
}

resource "aws_volume_attachment" "data" {
  device_name                    = "/dev/sdf"
  volume_id                      = aws_ebs_volume.data.id
  instance_id                    = aws_instance.this.id
  stop_instance_before_detaching = true
}

resource "aws_backup_vault" "this" {
  name        = var.name
  kms_key_arn = aws_kms_key.this.arn
  tags        = local.tags
}

resource "aws_backup_plan" "this" {
  name = var.name
  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.this.name
    schedule          = "cron(0 2 * * ? *)"
    start_window      = 60
    completion_window = 240
    lifecycle {
      delete_after = var.snapshot_days
    }
  }
  tags = local.tags
}

resource "aws_backup_selection" "this" {
  name         = var.name
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [aws_ebs_volume.data.arn]
}
