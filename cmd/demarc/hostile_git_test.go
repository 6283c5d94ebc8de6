//go:build hostile

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// gitRows are repositories that try to make git run something, or hook and diff
// write or read forbidden files.
func gitRows() []hostileRow {
	hook := func(args ...string) []string { return append([]string{"hook"}, args...) }
	changed := func(r *hostileRepo) {
		r.gitInit()
		r.write("main.tf", withoutGap)
		r.commit("start")
		r.write("main.tf", withGap)
		r.git("add", "-A")
	}
	rows := []hostileRow{
		{name: "hook: a file named like --output", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.write("../away/rc", "kept\n")
			r.link("away/rc", "infra/prod.tf")
			r.write("--output=line=infra/prod.tf", "")
		}, args: hook("--output=line=infra/prod.tf", "main.tf"), exit: exitUsage},
		{name: "hook: the same after --", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.write("../away/rc", "kept\n")
			r.link("away/rc", "infra/prod.tf")
			r.write("--output=line=infra/prod.tf", "")
		}, args: hook("--", "--output=line=infra/prod.tf", "main.tf"), exit: exitGaps, says: []string{"main.tf:2"}},
		{name: "hook: a directory named like --exclude", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.write("--exclude=**/x.tf", "")
		}, args: hook("--exclude=**/x.tf", "main.tf"), exit: exitUsage},
		{name: "hook: a file named like --config", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.write("--config=x/y.tf", "")
			r.write("x/y.tf", "fail_on = \"none\"\n")
		}, args: hook("--config=x/y.tf", "main.tf"), exit: exitUsage},
		{name: "hook: no flag writes", alone: true, build: changed, args: hook("--output", "json=x.json", "--", "main.tf"), exit: exitUsage},
		{name: "hook: a bare repository with a monitor", alone: true, build: func(r *hostileRepo) {
			r.bare("")
			r.write("main.tf", withGap)
		}, args: hook("--", "main.tf"), exit: exitIncomplete},
		{name: "hook: a bare repository below a repository", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.bare("sub/")
			r.write("sub/main.tf", withGap)
		}, args: hook("--", "sub/main.tf"), exit: exitGaps, says: []string{"sub/main.tf:2"}},
		{name: "diff: main of a bare repository", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.bare("sub/")
			r.write("sub/main.tf", withGap)
		}, args: []string{"diff", "main", "sub"}, exit: answered},
		{name: "hook: configuration that runs programs", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.trapped()
			r.write(".gitattributes", "*.tf diff=trap filter=trap merge=trap\n")
			_ = os.Remove(filepath.Join(r.top, "tripped"))
		}, args: hook("--", "main.tf"), exit: exitGaps, says: []string{"main.tf:2"}},
		{name: "diff: configuration that runs programs", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.commit("second")
			r.trapped()
			r.write(".gitattributes", "*.tf diff=trap filter=trap\n")
			_ = os.Remove(filepath.Join(r.top, "tripped"))
		}, args: []string{"diff", "HEAD~1", "HEAD"}, exit: exitGaps, says: []string{"main.tf:2"}},
		{name: "diff: a partial clone", alone: true, build: func(r *hostileRepo) {
			r.gitInit()
			r.write("main.tf", withGap)
			r.commit("start")
			r.write("main.tf", withGap+"# changed\n")
			r.commit("second")
			blob := r.git("rev-parse", "HEAD~1:main.tf")
			r.git("config", "core.repositoryFormatVersion", "1")
			r.git("config", "extensions.partialClone", "origin")
			r.git("config", "remote.origin.url", "ext::"+r.trap()+" %S")
			r.git("config", "remote.origin.promisor", "true")
			r.git("config", "protocol.ext.allow", "always")
			r.must(os.Remove(r.path(".git/objects/" + blob[:2] + "/" + blob[2:])))
		}, args: []string{"diff", "HEAD~1", "HEAD"}, exit: exitIncomplete, says: []string{"partial"}},
		{name: "hook: a partial clone", alone: true, build: func(r *hostileRepo) {
			changed(r)
			blob := r.git("rev-parse", "HEAD:main.tf")
			r.git("config", "core.repositoryFormatVersion", "1")
			r.git("config", "extensions.partialClone", "origin")
			r.git("config", "remote.origin.url", "ext::"+r.trap()+" %S")
			r.git("config", "remote.origin.promisor", "true")
			r.git("config", "protocol.ext.allow", "always")
			r.must(os.Remove(r.path(".git/objects/" + blob[:2] + "/" + blob[2:])))
		}, args: hook("--", "main.tf"), exit: exitIncomplete, says: []string{"partial"}},
		{name: "hook: revisions that are flags", alone: true, build: changed, args: hook("--", "main.tf"),
			env: []string{"PRE_COMMIT_FROM_REF=--output=x", "PRE_COMMIT_TO_REF=HEAD"}, exit: exitUsage},
		{name: "diff: revisions that are flags", alone: true, build: changed, args: []string{"diff", "--", "--output=x", "--no-index"}, exit: exitUsage},
		{name: "hook: a changed file that is a pipe", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.must(os.Remove(r.path("main.tf")))
			r.pipe("main.tf")
		}, args: hook("--", "main.tf"), exit: exitIncomplete, says: []string{"not a regular file"}},
		{name: "hook: a changed file that is a link to a device", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.must(os.Remove(r.path("main.tf")))
			r.link("/dev/zero", "main.tf")
		}, args: hook("--", "main.tf"), exit: exitIncomplete},
		{name: "hook: a changed file that is a link outside", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.must(os.Remove(r.path("main.tf")))
			r.link("away/secret.tf", "main.tf")
			r.git("add", "-A")
		}, args: hook("--", "main.tf"), exit: exitIncomplete},
		{name: "hook: a changed file of 3 GB", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.sparse("main.tf", 3<<30)
		}, args: hook("--", "main.tf"), exit: exitIncomplete, says: []string{"larger than"}, alloc: 512},
		{name: "hook: an old version of 300 MB", alone: true, build: func(r *hostileRepo) {
			r.gitInit()
			r.write("big.tf", "# "+strings.Repeat("a", 300<<20))
			r.commit("start")
			r.write("big.tf", withGap)
			r.git("add", "-A")
		}, args: hook("--", "big.tf"), exit: answered, says: []string{"big.tf:2"}, alloc: 512},
		{name: "diff: an old version of 300 MB", alone: true, build: func(r *hostileRepo) {
			r.gitInit()
			r.write("big.tf", "# "+strings.Repeat("a", 300<<20))
			r.commit("start")
			r.write("big.tf", withGap)
			r.commit("second")
		}, args: []string{"diff", "HEAD~1", "HEAD"}, exit: exitIncomplete, alloc: 512},
		{name: "diff: a tree that contains itself ten times, ten levels", alone: true, build: func(r *hostileRepo) { r.treeBomb() },
			args: []string{"diff", "HEAD~1", "HEAD"}, exit: exitIncomplete, says: []string{"more than"}, alloc: 2048},
		{name: "hook: a tree that contains itself ten times, ten levels", alone: true, build: func(r *hostileRepo) {
			r.treeBomb()
			r.git("read-tree", "--empty")
			r.write("main.tf", withGap)
			r.git("add", "main.tf")
		}, args: hook("--", "main.tf"), exit: answered, alloc: 2048},
		{name: "diff: names that are no text", alone: true, build: func(r *hostileRepo) {
			r.gitInit()
			r.write("main.tf", withoutGap)
			r.write("\xff\xfe/x.txt", "x")
			r.write("n\xff.tf", "# x\n")
			r.commit("start")
			r.write("main.tf", withGap)
			r.commit("second")
		}, args: []string{"diff", "HEAD~1", "HEAD"}, exit: answered, says: []string{"main.tf:2"}},
		{name: "hook: names that are no text", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.write("\xff\xfe/x.tf", withGap)
			r.git("add", "-A")
		}, args: hook("--", "main.tf", "\xff\xfe/x.tf"), exit: answered, says: []string{"main.tf:2"}},
		{name: "hook: names with line breaks", alone: true, build: func(r *hostileRepo) {
			r.gitInit()
			r.write("a\nHEAD:main.tf\n.tf", strings.ReplaceAll(withoutGap, "open", "two"))
			r.write("main.tf", withoutGap)
			r.commit("start")
			r.write("a\nHEAD:main.tf\n.tf", strings.ReplaceAll(withGap, "open", "two"))
			r.git("add", "-A")
		}, args: hook("--", "a\nHEAD:main.tf\n.tf"), exit: exitGaps},
		{name: "diff: links of a commit that lead outside", alone: true, build: func(r *hostileRepo) {
			r.gitInit()
			r.write("main.tf", withGap)
			r.link("away/secret.tf", "x.tf")
			r.link("../away/secret.tf", "y.tf")
			r.link("/proc/self/environ", "z.tf")
			r.commit("start")
			r.write("main.tf", withGap+"# x\n")
			r.commit("second")
		}, args: []string{"diff", "HEAD~1", "HEAD"}, exit: exitIncomplete},
		{name: "diff: a commit with .git in its tree", alone: true, build: func(r *hostileRepo) {
			changed(r)
			r.commit("second")
			blob := r.gitStdin("x", "hash-object", "-w", "--stdin")
			tree := r.gitStdin(fmt.Sprintf("100644 blob %s\tmain.tf\n100644 blob %[1]s\t..\n040000 tree %s\t.git\n", blob, r.git("rev-parse", "HEAD^{tree}")), "mktree", "--missing")
			r.git("tag", "odd", r.git("commit-tree", "-m", "odd", tree))
		}, args: []string{"diff", "odd", "HEAD"}, exit: answered},
		{name: "reports: a committed link under the report's name", alone: true, build: func(r *hostileRepo) {
			r.write("../away/rc", "kept\n")
			r.link("away/rc", "demarc.sarif")
			r.write("main.tf", withGap)
		}, args: []string{"scan", "--output", "sarif=demarc.sarif"}, exit: exitIncomplete, says: []string{"demarc.sarif"}},
		{name: "reports: a committed directory that leads outside", alone: true, build: func(r *hostileRepo) {
			r.link("away/", "reports")
			r.write("main.tf", withGap)
		}, args: []string{"scan", "--output", "sarif=reports/demarc.sarif"}, exit: exitIncomplete, says: []string{"reports/demarc.sarif"}},
	}
	return rows
}

// bare commits a bare repository that runs a program beside the source.
func (r *hostileRepo) bare(dir string) {
	r.t.Helper()
	if dir == "" {
		r.must(os.RemoveAll(r.path(".git")))
	}
	r.write(dir+"HEAD", "ref: refs/heads/main\n")
	r.mkdir(dir + "objects/info")
	r.mkdir(dir + "refs/heads")
	r.write(dir+"config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = "+r.trap()+"\n\thooksPath = "+r.away+"\n[alias]\n\trev-parse = !"+r.trap()+"\n")
	_ = os.Remove(filepath.Join(r.top, "tripped"))
}

// trapped configures a program wherever git can be made to run one.
func (r *hostileRepo) trapped() {
	r.t.Helper()
	for name, value := range map[string]string{
		"core.fsmonitor": r.trap(), "core.hooksPath": r.away, "core.pager": r.trap(), "core.editor": r.trap(), "core.sshCommand": r.trap(),
		"core.gitProxy": r.trap(), "core.askPass": r.trap(), "credential.helper": r.trap(), "diff.external": r.trap(), "diff.trap.command": r.trap(),
		"diff.trap.textconv": r.trap(), "filter.trap.smudge": r.trap(), "filter.trap.clean": r.trap(), "filter.trap.process": r.trap(),
		"merge.trap.driver": r.trap(), "gpg.program": r.trap(), "log.showSignature": "true", "pager.diff": r.trap(), "pager.rev-parse": r.trap(),
		"interactive.diffFilter": r.trap(), "uploadpack.packObjectsHook": r.trap(), "trace2.eventTarget": filepath.Join(r.top, "tripped"),
		"alias.diff": "!" + r.trap(), "alias.cat-file": "!" + r.trap(), "include.path": filepath.Join(r.away, "secret.txt.none"),
	} {
		r.git("-c", "core.fsmonitor=false", "config", name, value)
	}
	for _, name := range []string{"post-index-change", "pre-commit", "reference-transaction", "fsmonitor-watchman"} {
		r.must(os.MkdirAll(r.path(".git/hooks"), 0o755))
		r.must(os.Symlink(r.trap(), r.path(".git/hooks/"+name)))
	}
}

// treeBomb commits a tree of 10^10 files.
func (r *hostileRepo) treeBomb() {
	r.t.Helper()
	r.gitInit()
	r.write("main.tf", withGap)
	r.commit("start")
	blob := r.gitStdin(withGap, "hash-object", "-w", "--stdin")
	tree := r.gitStdin(fmt.Sprintf("100644 blob %s\tmain.tf\n", blob), "mktree")
	for range 10 {
		var list strings.Builder
		for i := range 10 {
			fmt.Fprintf(&list, "040000 tree %s\td%d\n", tree, i)
		}
		tree = r.gitStdin(list.String(), "mktree")
	}
	r.git("update-ref", "refs/heads/main", r.git("commit-tree", "-p", "HEAD", "-m", "bomb", tree))
}

func (r *hostileRepo) gitStdin(stdin string, args ...string) string {
	r.t.Helper()
	cmd := r.gitCommand(args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// withoutGap lacks the gap of withGap.
const withoutGap = "resource \"aws_db_instance\" \"open\" {\n  storage_encrypted = true\n}\n"
