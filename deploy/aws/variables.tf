variable "name" {
  description = "Name of the installation; begins the name of everything the module makes."
  type        = string
  default     = "predictive-maintenance"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "The name has 3 to 32 lower-case letters, digits and dashes, and begins with a letter."
  }
}

variable "subnet_id" {
  description = "A public subnet, that is one whose route table leads to an internet gateway."
  type        = string
  validation {
    condition     = can(regex("^subnet-[0-9a-f]{8,17}$", var.subnet_id))
    error_message = "A subnet id looks like subnet-0123456789abcdef0."
  }
}

variable "allowed_cidrs" {
  description = "Networks from which browsers and devices come. [\"0.0.0.0/0\"] opens the platform to everybody: it has no login of its own."
  type        = list(string)
  validation {
    condition     = length(var.allowed_cidrs) > 0 && alltrue([for c in var.allowed_cidrs : can(cidrnetmask(c))])
    error_message = "Give at least one IPv4 network, such as 203.0.113.0/24."
  }
}

variable "release_url" {
  description = "Address of a release archive (predictive-maintenance-<version>.tar.gz)."
  type        = string
  validation {
    condition     = can(regex("^https://[^[:space:]'\"]+\\.tar\\.gz$", var.release_url))
    error_message = "The address begins with https:// and ends with .tar.gz."
  }
}

variable "release_sha256" {
  description = "SHA-256 of the release archive, as the release page says it. The host refuses another one."
  type        = string
  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.release_sha256))
    error_message = "A SHA-256 has 64 lower-case hexadecimal digits."
  }
}

variable "registry" {
  description = "Registry of the images pm-*, such as ghcr.io/example. Empty: the one the release names."
  type        = string
  default     = ""
  validation {
    condition     = var.registry == "" || can(regex("^[a-z0-9][a-zA-Z0-9./_:-]*$", var.registry))
    error_message = "A registry looks like ghcr.io/example."
  }
}

variable "profile" {
  description = "single-node: Kafka and PostgreSQL, 8 GiB of memory; embedded: one pod, 2 GiB."
  type        = string
  default     = "single-node"
  validation {
    condition     = contains(["single-node", "embedded"], var.profile)
    error_message = "The profile is single-node or embedded."
  }
}

variable "ingress" {
  description = "Ingress controller: traefik or nginx (F5)."
  type        = string
  default     = "traefik"
  validation {
    condition     = contains(["traefik", "nginx"], var.ingress)
    error_message = "The ingress is traefik or nginx."
  }
}

variable "instance_type" {
  description = "x86 instance type of the Nitro system: t3.large (8 GiB) for single-node, t3.small (2 GiB) for embedded."
  type        = string
  default     = "t3.large"
  validation {
    condition     = can(regex("^(t3|t3a|m5|m5a|m6i|m6a|m7i|m7a|c6i|c7i|r6i|r7i)\\.[0-9]*(small|medium|large|xlarge)$", var.instance_type))
    error_message = "Choose an x86 instance type of the Nitro system with at least 2 GiB, such as t3.large."
  }
}

variable "data_gib" {
  description = "Size of the data volume in GiB: Kafka, PostgreSQL and images."
  type        = number
  default     = 40
  validation {
    condition     = var.data_gib >= 20 && var.data_gib <= 16384 && floor(var.data_gib) == var.data_gib
    error_message = "The data volume has 20 to 16384 GiB."
  }
}

variable "snapshot_days" {
  description = "Days for which the nightly snapshots of the data volume are kept."
  type        = number
  default     = 14
  validation {
    condition     = var.snapshot_days >= 1 && var.snapshot_days <= 365
    error_message = "Snapshots are kept for 1 to 365 days."
  }
}

variable "elastic_ip" {
  description = "Give the host an address that stays. Without it the subnet must give public addresses, and they change at each stop."
  type        = bool
  default     = true
}

variable "domain" {
  description = "Name of the platform, such as pm.example.org. Empty: <address>.sslip.io."
  type        = string
  default     = ""
  validation {
    condition     = var.domain == "" || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A name looks like pm.example.org."
  }
  validation {
    condition     = var.domain != "" || var.elastic_ip
    error_message = "Without a domain the address is the name, so elastic_ip must stay true."
  }
}

variable "zone_id" {
  description = "Route 53 zone in which the name is made. Empty: you make the record yourself."
  type        = string
  default     = ""
  validation {
    condition     = var.zone_id == "" || (var.domain != "" && var.elastic_ip)
    error_message = "A record needs domain and elastic_ip."
  }
}

variable "tls_email" {
  description = "Address for Let's Encrypt, which then certifies the domain. Empty: plain HTTP on port 80."
  type        = string
  default     = ""
  validation {
    condition     = var.tls_email == "" || can(regex("^[^[:space:]@'\"]+@[^[:space:]@'\"]+$", var.tls_email))
    error_message = "That is no e-mail address."
  }
  validation {
    condition     = var.tls_email == "" || var.domain != ""
    error_message = "A certificate needs a domain."
  }
  validation {
    condition     = var.tls_email == "" || contains(concat(var.allowed_cidrs, var.challenge_cidrs), "0.0.0.0/0")
    error_message = "Let's Encrypt could not reach port 80: set challenge_cidrs = [\"0.0.0.0/0\"]."
  }
}

variable "challenge_cidrs" {
  description = "Further networks that may ask on port 80, for HTTP-01 challenges: Let's Encrypt needs [\"0.0.0.0/0\"]."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for c in var.challenge_cidrs : can(cidrnetmask(c))])
    error_message = "Give IPv4 networks."
  }
}

variable "protect" {
  description = "Refuse to terminate the instance by API until this is set to false."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of everything the module makes."
  type        = map(string)
  default     = {}
}
