data "aws_iam_policy_document" "assume" {
  for_each = { host = "ec2.amazonaws.com", backup = "backup.amazonaws.com" }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

# The host may talk to SSM and nothing else; pods cannot even reach its credentials (hop limit 1).
resource "aws_iam_role" "host" {
  name_prefix        = "${var.name}-"
  assume_role_policy = data.aws_iam_policy_document.assume["host"].json
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "host" {
  role       = aws_iam_role.host.name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "host" {
  name_prefix = "${var.name}-"
  role        = aws_iam_role.host.name
  tags        = local.tags
}

resource "aws_iam_role" "backup" {
  name_prefix        = "${var.name}-"
  assume_role_policy = data.aws_iam_policy_document.assume["backup"].json
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}
