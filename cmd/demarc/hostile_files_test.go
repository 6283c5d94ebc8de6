//go:build hostile

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// filesRows are file trees that lead a reader out of the repository, into endless
// files, or in circles.
func filesRows() []hostileRow {
	const outside = "leads out of the repository"
	rows := []hostileRow{
		{name: "a link to a file outside", build: func(r *hostileRepo) { r.link("away/secret.tf", "x.tf") }, exit: answered, says: []string{outside}},
		{name: "a link to a directory outside", build: func(r *hostileRepo) {
			r.link("away/", "x")
			r.write("main.tf", "module \"m\" {\n  source = \"./x\"\n}\n")
		}, exit: answered},
		{name: "a link to the root", build: func(r *hostileRepo) { r.link("/", "x") }, exit: answered},
		{name: "a link to the environment", build: func(r *hostileRepo) {
			r.link("/proc/self/environ", "x.tf")
			r.link("/proc/self/environ", "x.auto.tfvars")
		}, exit: answered, says: []string{outside}},
		{name: "a link to what never ends", build: func(r *hostileRepo) { r.link("/dev/zero", "x.tf"); r.link("/dev/zero", "terraform.tfvars") }, exit: answered, says: []string{outside}},
		{name: "a link to standard input", build: func(r *hostileRepo) { r.link("/dev/stdin", "x.tf") }, exit: answered},
		{name: "a link that goes up and down again", build: func(r *hostileRepo) { r.link("../away/secret.tf", "x.tf"); r.link("../repo/other/main.tf", "y.tf") }, exit: answered, says: []string{outside}},
		{name: "a link to itself", build: func(r *hostileRepo) { r.link("x.tf", "x.tf") }, exit: answered},
		{name: "a link to the directory that it is in", build: func(r *hostileRepo) { r.link(".", "d/again"); r.link("..", "d/up"); r.write("d/main.tf", withGap) }, exit: answered},
		{name: "links in a circle", build: func(r *hostileRepo) {
			r.link("b.tf", "a.tf")
			r.link("a.tf", "b.tf")
			r.link("../e", "d/e")
			r.link("../d", "e/d")
		}, exit: answered},
		{name: "directories that link to each other 20 times", build: func(r *hostileRepo) {
			for i := range 20 {
				for j := range 10 {
					r.link(fmt.Sprintf("../d%d", (i+1)%20), fmt.Sprintf("d%d/l%d", i, j))
				}
				r.write(fmt.Sprintf("d%d/main.tf", i), withGap)
			}
		}, exit: answered, alloc: 1024},
		{name: "a link that is broken", build: func(r *hostileRepo) { r.link("nowhere.tf", "x.tf") }, exit: answered},
		{name: "a pipe", build: func(r *hostileRepo) { r.pipe("x.tf") }, exit: exitIncomplete, says: []string{"not a regular file"}},
		{name: "a pipe of values", build: func(r *hostileRepo) { r.write("main.tf", "variable \"v\" {}\n"); r.pipe("terraform.tfvars") }, exit: exitIncomplete, says: []string{"not a regular file"}},
		{name: "a pipe that a link leads to", build: func(r *hostileRepo) { r.pipe("p"); r.link("p", "x.tf") }, exit: exitIncomplete, says: []string{"not a regular file"}},
		{name: "a pipe as configuration", build: func(r *hostileRepo) { r.pipe(".demarc.hcl") }, alone: true, exit: exitUsage, says: []string{"not a regular file"}},
		{name: "a pipe of owners", build: func(r *hostileRepo) { r.pipe("CODEOWNERS") }, exit: exitGaps, says: []string{"not a regular file"}},
		{name: "a pipe as a list of modules", build: func(r *hostileRepo) {
			r.write("main.tf", "module \"m\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n")
			r.pipe(".terraform/modules/modules.json")
		}, exit: answered},
		{name: "a pipe that file() reads", build: func(r *hostileRepo) { r.pipe("p"); r.write("bomb.tf", bomb(`file("p")`)) }, exit: answered},
		{name: "a pipe that templatefile() reads", build: func(r *hostileRepo) { r.pipe("p"); r.write("bomb.tf", bomb(`templatefile("p", {})`)) }, exit: answered},
		{name: "a pipe that filemd5() reads", build: func(r *hostileRepo) { r.pipe("p"); r.write("bomb.tf", bomb(`filemd5("p")`)) }, exit: answered},
		{name: "a pipe as the .git of a directory", build: func(r *hostileRepo) { r.pipe("sub/.git"); r.write("sub/main.tf", withGap) }, exit: answered},
		{name: "a socket", build: func(r *hostileRepo) {
			r.must(syscall.Mknod(r.path("x.tf"), syscall.S_IFSOCK|0o644, 0))
		}, exit: exitIncomplete, says: []string{"not a regular file"}},
		{name: "directories named like files", build: func(r *hostileRepo) {
			for _, name := range []string{"x.tf", "terraform.tfvars", "y.tf.json", "CODEOWNERS"} {
				r.write(name+"/main.tf", withGap)
			}
			r.write("main.tf", withGap)
		}, exit: answered},
		{name: "a directory as configuration", build: func(r *hostileRepo) { r.mkdir(".demarc.hcl") }, alone: true, exit: exitUsage},
		{name: "files that nobody may read", build: func(r *hostileRepo) {
			r.write("x.tf", withGap)
			r.write("closed/main.tf", withGap)
			r.must(os.Chmod(r.path("x.tf"), 0))
			r.must(os.Chmod(r.path("closed"), 0))
			r.t.Cleanup(func() { _ = os.Chmod(r.path("closed"), 0o755) })
		}, exit: answered}, // 3, except for root, who may read everything
		{name: "names of 255 bytes", build: func(r *hostileRepo) {
			r.write(strings.Repeat("a", 252)+".tf", withGap)
			r.write(strings.Repeat("ä", 126)+".tf", strings.ReplaceAll(withGap, "open", "two"))
		}, exit: exitGaps, format: true},
		{name: "a path of 4000 bytes", build: func(r *hostileRepo) {
			r.deep(strings.Repeat("d", 200), 19, withGap)
		}, exit: answered},
		{name: "a path longer than the kernel takes", build: func(r *hostileRepo) {
			r.deep(strings.Repeat("d", 200), 60, withGap)
		}, exit: answered},
		{name: "1000 directories deep", build: func(r *hostileRepo) { r.deep("d", 1000, withGap) }, exit: answered, alloc: 1024},
		{name: "3 times 2000 directories deep", alone: true, build: func(r *hostileRepo) {
			for i := range 3 {
				r.mkdir(fmt.Sprintf("c%d", i))
				r.deepIn(fmt.Sprintf("c%d", i), "d", 2000, withGap)
			}
		}, exit: exitIncomplete, says: []string{"files and directories"}},
		{name: "functions that read 1000 directories deep", build: func(r *hostileRepo) {
			r.deep("d", 1000, withGap)
			deep := strings.Repeat("d/", 1000) + "main.tf"
			r.write("bomb.tf", bomb(`[for i in range(100000) : [fileexists("`+deep+`"), filesha256("`+deep+`")]]`))
		}, exit: answered, alloc: 4096, work: 21},
		{name: "2000 files in 1000 directories", build: func(r *hostileRepo) {
			dir := strings.Repeat("d/", 1000)
			r.deep("d", 1000, withGap)
			at, err := os.OpenRoot(r.path(dir))
			r.must(err)
			for i := range 2000 {
				r.must(at.WriteFile(fmt.Sprintf("f%d.tf", i), []byte(strings.ReplaceAll(withGap, "open", fmt.Sprintf("b%d", i))), 0o644))
			}
			r.must(at.Close())
		}, alone: true, exit: exitIncomplete, says: []string{"files and directories"}},
		{name: "names that differ in case", build: func(r *hostileRepo) {
			for _, name := range []string{"Main.tf", "MAIN.TF", "main.tf", "main.TF"} {
				r.write(name, strings.ReplaceAll(withGap, "open", "open_"+strings.ReplaceAll(name, ".", "_")))
			}
		}, exit: exitGaps},
		{name: "a byte order mark", build: func(r *hostileRepo) { r.write("main.tf", "\ufeff"+withGap) }, exit: answered},
		{name: "UTF-16", build: func(r *hostileRepo) {
			var b strings.Builder
			b.WriteString("\xff\xfe")
			for _, c := range withGap {
				b.WriteByte(byte(c))
				b.WriteByte(0)
			}
			r.write("main.tf", b.String())
		}, exit: exitIncomplete},
		{name: "NUL bytes", build: func(r *hostileRepo) {
			r.write("main.tf", "resource \"aws_db_instance\" \"a\x00b\" {\n  storage_encrypted = \x00false\n}\n")
			r.write("terraform.tfvars", "a = \"\x00\"\n")
			r.write("x.tf.json", "{\"resource\":\x00{}}")
		}, exit: exitIncomplete, format: true},
		{name: "carriage returns for lines", build: func(r *hostileRepo) { r.write("main.tf", strings.ReplaceAll(withGap, "\n", "\r")) }, exit: answered, format: true},
		{name: "both kinds of lines", build: func(r *hostileRepo) {
			r.write("main.tf", strings.ReplaceAll(withGap, "\n", "\r\n")+"# \r \n\r\r\n"+strings.ReplaceAll(withGap, "open", "two"))
		}, exit: answered, format: true},
		{name: "bytes that are no text", build: func(r *hostileRepo) {
			r.write("main.tf", "resource \"aws_db_instance\" \"a\" {\n  identifier = \"\xff\xfe\xc0\x80\xed\xa0\x80\"\n  storage_encrypted = false\n}\n# \xff\n")
		}, exit: exitIncomplete, format: true},
		{name: "a file of one byte each", build: func(r *hostileRepo) {
			for i := range 256 {
				r.must(os.WriteFile(r.path(fmt.Sprintf("f%d.tf", i)), []byte{byte(i)}, 0o644))
			}
		}, exit: exitIncomplete},
		{name: "modules.json that leads outside", build: func(r *hostileRepo) {
			r.write("main.tf", "module \"m\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\nmodule \"n\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n")
			r.write(".terraform/modules/modules.json", `{"Modules":[{"Key":"m","Source":"registry.terraform.io/terraform-aws-modules/vpc/aws","Version":"1.0.0","Dir":"../away"},{"Key":"n","Source":"registry.terraform.io/terraform-aws-modules/vpc/aws","Version":"1.0.0","Dir":"`+r.away+`"}]}`)
		}, exit: answered},
		{name: "modules.json that leads to itself", build: func(r *hostileRepo) {
			r.write("main.tf", "module \"m\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n")
			var b strings.Builder
			key := "m"
			for range 60 {
				fmt.Fprintf(&b, `{"Key":%q,"Source":"registry.terraform.io/terraform-aws-modules/vpc/aws","Version":"1.0.0","Dir":"."},`, key)
				key += ".m"
			}
			r.write(".terraform/modules/modules.json", `{"Modules":[`+strings.TrimSuffix(b.String(), ",")+`]}`)
		}, exit: answered},
		{name: "modules.json that is no JSON", build: func(r *hostileRepo) {
			r.write("main.tf", "module \"m\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n")
			r.write(".terraform/modules/modules.json", `{"Modules":7,"Modules":[{"Key":7,"Dir":[]}`)
		}, exit: answered},
		{name: "what was installed is a link outside", build: func(r *hostileRepo) {
			r.write("main.tf", "module \"m\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n")
			r.write("../away/modules/modules.json", `{"Modules":[{"Key":"m","Source":"registry.terraform.io/terraform-aws-modules/vpc/aws","Version":"1.0.0","Dir":".terraform/modules/m"}]}`)
			r.write("../away/modules/m/main.tf", strings.ReplaceAll(withGap, "open", canaryText))
			r.link("away/", ".terraform")
		}, exit: answered},
		{name: "a .git file that leads elsewhere", build: func(r *hostileRepo) {
			r.must(os.RemoveAll(r.path(".git")))
			r.write(".git", "gitdir: "+r.away+"\n")
			r.link("away/secret.tf", "x.tf")
		}, exit: answered, says: []string{outside}},
		{name: "a .git that is a link", build: func(r *hostileRepo) {
			r.must(os.RemoveAll(r.path(".git")))
			r.link("away/", ".git")
			r.write("main.tf", bomb(`file("../away/secret.txt")`))
		}, exit: answered},
		{name: "a configuration that is a link outside", build: func(r *hostileRepo) {
			r.write("../away/config.hcl", "fail_on = \""+canaryText+"\"\n")
			r.link("away/config.hcl", ".demarc.hcl")
		}, alone: true, exit: exitUsage, says: []string{outside}},
		{name: "owners that are a link outside", build: func(r *hostileRepo) { r.link("away/secret.txt", "CODEOWNERS") }, exit: exitGaps, says: []string{outside}},
		{name: "two repositories at once", alone: true, build: func(r *hostileRepo) {
			for _, name := range []string{"a", "b"} {
				r.mkdir(name + "/.git")
				r.write(name+"/main.tf", "resource \"aws_db_instance\" \"x\" {\n  identifier = file(\"../secret.txt\")\n  storage_encrypted = file(\"../secret.txt\") == \"x\"\n}\n")
				r.link("../secret.tf", name+"/link.tf")
			}
			r.write("secret.txt", canaryText)
			r.write("secret.tf", strings.ReplaceAll(withGap, "open", canaryText))
			r.write(".demarc.hcl", "fail_on = \"none\"\n")
		}, args: []string{"scan", "a", "b"}, exit: exitIncomplete, says: []string{outside}},
		{name: "two directories without a repository", alone: true, build: func(r *hostileRepo) {
			r.must(os.RemoveAll(r.path(".git")))
			for _, name := range []string{"a", "b"} {
				r.write(name+"/main.tf", "resource \"aws_db_instance\" \"x\" {\n  storage_encrypted = file(\"../secret.txt\") == \"x\"\n}\n")
			}
			r.link("../secret.tf", "a/link.tf")
			r.write("secret.tf", strings.ReplaceAll(withGap, "open", canaryText))
			r.write("secret.txt", canaryText)
		}, args: []string{"scan", "a", "b"}, exit: exitIncomplete, says: []string{outside}},
	}
	for what, expr := range map[string]string{
		"file":           `file("%s")`,
		"filebase64":     `filebase64("%s")`,
		"filesha256":     `filesha256("%s")`,
		"fileexists":     `[fileexists("%s") ? "it is there" : "it is not"]`,
		"fileset":        `fileset(dirname("%s"), "*")`,
		"templatefile":   `templatefile("%s", {})`,
		"templatestring": `templatestring("$${file(\"%s\")}", {})`,
	} {
		rows = append(rows, hostileRow{name: "functions outside: " + what, exit: answered, hides: []string{"Y2FuYXJ5", "secret.tf\""}, build: func(r *hostileRepo) {
			var b strings.Builder
			for i, path := range []string{
				filepath.Join(r.away, "secret.txt"), "../away/secret.txt", "./../away/secret.txt", "other/../../away/secret.txt", "link", "dir/secret.txt",
				"~/secret.txt", "/proc/self/environ", "file://" + r.away + "/secret.txt", `../away\\secret.txt`, "dir/../secret.txt", "/dev/zero", "/etc/passwd",
			} {
				fmt.Fprintf(&b, "resource \"aws_db_instance\" \"f%d\" {\n  identifier = length(%s) > 3 ? %[2]s : %[2]s\n  storage_encrypted = can(regex(\"x\", jsonencode(%[2]s)))\n}\n", i, fmt.Sprintf(expr, path))
			}
			r.write("main.tf", b.String())
			r.link("away/secret.txt", "link")
			r.link("away", "dir")
		}})
	}
	return rows
}

// deep writes a file in nested directories.
func (r *hostileRepo) deep(name string, levels int, text string) {
	r.t.Helper()
	r.deepIn(".", name, levels, text)
}

func (r *hostileRepo) deepIn(dir, name string, levels int, text string) {
	r.t.Helper()
	at, err := os.OpenRoot(r.path(dir))
	r.must(err)
	for range levels {
		r.must(at.Mkdir(name, 0o755))
		below, err := at.OpenRoot(name)
		r.must(err)
		r.must(at.Close())
		at = below
	}
	r.must(at.WriteFile("main.tf", []byte(text), 0o644))
	r.must(at.Close())
}
