// Command stubprovider is a Terraform provider without a cloud: it serves a schema
// file in the format of `terraform providers schema -json` and plans resources
// offline. The name of its executable, terraform-provider-NAME, determines the
// provider that it replaces.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

func main() {
	name, file, err := locate()
	if err != nil {
		log.Fatal(err)
	}
	address, schemas, err := loadSchemas(file)
	if err != nil {
		log.Fatalf("schema of provider %s: %v", name, err)
	}
	if os.Getenv("STUB_LENIENT") != "" {
		schemas.relax()
	}
	p := &provider{name: name, schemas: schemas}
	if err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return p }); err != nil {
		log.Fatal(err)
	}
}

// locate returns the provider's name, from the executable's, and its schema file:
// the file that STUB_SCHEMA_<NAME> names, or else NAME-schema.json.gz next to the
// executable.
func locate() (name, file string, err error) {
	base := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	name, ok := strings.CutPrefix(base, "terraform-provider-")
	if !ok {
		return "", "", fmt.Errorf("%s: the executable must be named terraform-provider-NAME", base)
	}
	name, _, _ = strings.Cut(name, "_") // terraform-provider-aws_v1.2.3
	env := "STUB_SCHEMA_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	if file = os.Getenv(env); file != "" {
		return name, file, nil
	}
	return name, filepath.Join(filepath.Dir(os.Args[0]), name+"-schema.json.gz"), nil
}
