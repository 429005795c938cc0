output "url" {
  description = "Where the pages and APIs are, about ten minutes after the first apply."
  value       = "${var.tls_email == "" ? "http" : "https"}://${local.host}/"
}

output "session" {
  description = "Opens a shell on the host."
  value       = "aws ssm start-session --target ${aws_instance.this.id}"
}

output "progress" {
  description = "Shows how far the first boot is."
  value       = "aws ssm start-session --target ${aws_instance.this.id} --document-name AWS-StartInteractiveCommand --parameters command='sudo tail -n +1 -f /var/log/first-boot.log'"
}

output "instance_id" {
  description = "The instance, for the deploy workflow."
  value       = aws_instance.this.id
}

output "user_data" {
  description = "What cloud-init gets; it holds no secret."
  value       = local.user_data
}
