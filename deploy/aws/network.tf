data "aws_subnet" "this" {
  id = var.subnet_id
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-"
  description = "Web in; downloads and Let's Encrypt out. No SSH: sessions go through SSM."
  vpc_id      = data.aws_subnet.this.vpc_id
  tags        = local.tags
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  for_each = {
    for pair in setproduct(var.allowed_cidrs, [80, 443]) : "${pair[0]} ${pair[1]}" => { cidr = pair[0], port = pair[1] }
  }
  security_group_id = aws_security_group.this.id
  description       = "Pages and APIs"
  cidr_ipv4         = each.value.cidr
  from_port         = each.value.port
  to_port           = each.value.port
  ip_protocol       = "tcp"
  tags              = local.tags
}

# Let's Encrypt asks on port 80, from addresses that it does not publish.
resource "aws_vpc_security_group_ingress_rule" "challenge" {
  for_each          = toset(var.challenge_cidrs)
  security_group_id = aws_security_group.this.id
  description       = "HTTP-01 challenges"
  cidr_ipv4         = each.value
  from_port         = 80
  to_port           = 80
  ip_protocol       = "tcp"
  tags              = local.tags
}

resource "aws_vpc_security_group_egress_rule" "out" {
  for_each          = { https = 443, http = 80 }
  security_group_id = aws_security_group.this.id
  description       = "Downloads, registries, SSM, Let's Encrypt (${each.key})"
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = each.value
  to_port           = each.value
  ip_protocol       = "tcp"
  tags              = local.tags
}

# The interface has its address before the host boots, so that its first download finds the way out.
resource "aws_network_interface" "this" {
  subnet_id       = var.subnet_id
  security_groups = [aws_security_group.this.id]
  tags            = local.tags
}

resource "aws_eip" "this" {
  count             = var.elastic_ip ? 1 : 0
  domain            = "vpc"
  network_interface = aws_network_interface.this.id
  tags              = local.tags
}

resource "aws_route53_record" "this" {
  count   = var.zone_id == "" ? 0 : 1
  zone_id = var.zone_id
  name    = var.domain
  type    = "A"
  ttl     = 300
  records = [aws_eip.this[0].public_ip]
}
