# For scripts that plan with the stub: to be sourced.

# installation EXECUTABLE SCHEMAS FOLDER prints the part of Terraform's CLI
# configuration by which one executable stands for every provider that SCHEMAS has
# a NAME-schema.json.gz of. What it is called says which one it is: FOLDER holds
# the links.
installation() {
  local schema name
  echo 'provider_installation {'
  echo '  dev_overrides {'
  for schema in "$2"/*-schema.json.gz; do
    name=$(basename "$schema" -schema.json.gz)
    mkdir -p "$3/$name"
    ln -s "$1" "$3/$name/terraform-provider-$name"
    ln -s "$schema" "$3/$name/"
    echo "    \"hashicorp/$name\" = \"$3/$name\""
  done
  echo '  }'
  echo '}'
}
