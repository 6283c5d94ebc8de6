# The configuration in which `terraform console` answers; console_test.go builds the same values.
terraform {
  required_providers {
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}

resource "terraform_data" "u" {}

# The type of its input is not known, so neither is that of its output.
resource "terraform_data" "any" {
  input = jsondecode(terraform_data.u.id)
}

variable "token" {
  type      = string
  default   = "ephemeral"
  ephemeral = true
}

locals {
  secret  = sensitive("secret")
  secrets = { plain = "p", secret = sensitive("s") }
  any     = terraform_data.any.output
  text    = tostring(terraform_data.any.output)
  number  = tonumber(terraform_data.any.output)
  list    = tolist([terraform_data.u.id, "known"])
  lists   = split(",", tostring(terraform_data.any.output))
  numbers = range(local.number)
  bools   = element(tolist([tolist([true])]), local.number)
  maps    = element(tolist([tomap({ a = "b" })]), local.number)
  lmaps   = transpose(terraform_data.any.output)
  map     = { known = "k", unknown = tostring(terraform_data.any.output) }
  none    = tostring(null)
  tpl     = "Hello, $${name}!"
  loop    = "%%{ for x in xs }<$${x}>%%{ endfor }"
}
