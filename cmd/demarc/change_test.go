package main

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/demarc/demarc/internal/regular"
)

const publicBlock = `resource "aws_s3_bucket_public_access_block" "logs" {
  bucket              = aws_s3_bucket.logs.id
  block_public_policy = true
}
`

// object writes an object to git, including objects that git itself would not make.
func (s *scratch) object(kind, text string) string {
	s.t.Helper()
	out, err := s.tryGit(text, "hash-object", "-w", "-t", kind, "--literally", "--stdin")
	if err != nil {
		s.t.Fatal(out)
	}
	return strings.TrimSpace(out)
}

// tree writes a tree of "mode name id" lines, without checks.
func (s *scratch) tree(entries ...[3]string) string {
	s.t.Helper()
	var text strings.Builder
	for _, e := range entries {
		id, err := hex.DecodeString(e[2])
		if err != nil {
			s.t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s %s\x00%s", e[0], e[1], id)
	}
	return s.object("tree", text.String())
}

func (s *scratch) commitOf(tree string) string {
	s.t.Helper()
	return s.git("commit-tree", "-m", "made by hand", tree)
}

// want requires an exit code, and texts in the output.
func (s *scratch) want(code int, texts []string, args ...string) {
	s.t.Helper()
	got, stdout, stderr := s.demarc(".", nil, args...)
	if got != code {
		s.t.Errorf("demarc %q: exit code %d, want %d\n%s%s", args, got, code, stdout, stderr)
	}
	said := strings.Join(strings.Fields(stdout+stderr), " ") // lines are wrapped
	for _, text := range texts {
		if !strings.Contains(said, text) {
			s.t.Errorf("demarc %q: %q is not said in\n%s%s", args, text, stdout, stderr)
		}
	}
}

const gapOfBlock = "main.tf:1:1: medium: nothing blocks public access"

// TestHookOldVersions deletes and changes files whose old versions are unreadable:
// an old version may have held the companion that is now missing.
func TestHookOldVersions(t *testing.T) {
	for name, old := range map[string]func(*scratch){
		"a file": func(s *scratch) { s.write("block.tf", publicBlock) },
		"a large file": func(s *scratch) {
			s.write("block.tf", publicBlock+strings.Repeat("# all bits and pieces\n", largestOld/20))
		},
		"a link to a file": func(s *scratch) {
			s.write("shared/block", publicBlock)
			if err := os.Symlink("shared/block", filepath.Join(s.dir, "block.tf")); err != nil {
				s.t.Skip(err)
			}
		},
		"a name of two lines": func(s *scratch) { s.write("a\nblock.tf", publicBlock) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newScratch(t)
			s.write("main.tf", openBucket)
			old(s)
			s.commit("start")
			s.want(exitClean, nil, "hook")
			s.git("rm", "-q", "*block.tf")
			s.want(exitGaps, []string{gapOfBlock}, "hook", "--format", "line")
		})
	}
	t.Run("one that git does not have", func(t *testing.T) {
		s := newScratch(t)
		s.write("main.tf", openBucket)
		s.write("block.tf", publicBlock)
		s.commit("start")
		blob := s.git("rev-parse", "HEAD:block.tf")
		s.git("rm", "-q", "block.tf")
		if err := os.Remove(filepath.Join(s.dir, ".git", "objects", blob[:2], blob[2:])); err != nil {
			t.Fatal(err)
		}
		s.want(exitIncomplete, []string{gapOfBlock, "block.tf, as it was: git does not have it"}, "hook", "--format", "line")
		s.git("config", "extensions.partialClone", "origin")
		s.git("config", "core.repositoryFormatVersion", "1")
		s.want(exitIncomplete, []string{gapOfBlock, "the clone is partial, and demarc fetches nothing"}, "hook", "--format", "line")
	})
}

// TestHookNewVersions replaces a file with something other than a regular file.
func TestHookNewVersions(t *testing.T) {
	for name, now := range map[string]func(file string) error{
		"a link to a device": func(file string) error { return os.Symlink("/dev/zero", file) },
		"a pipe":             func(file string) error { return syscall.Mkfifo(file, 0o666) },
		"a link to a pipe": func(file string) error {
			if err := syscall.Mkfifo(file+".pipe", 0o666); err != nil {
				return err
			}
			return os.Symlink(filepath.Base(file)+".pipe", file)
		},
		"a directory":    func(file string) error { return os.Mkdir(file, 0o777) },
		"a sparse file":  func(file string) error { return errorsOf(os.WriteFile(file, nil, 0o666), os.Truncate(file, 3<<30)) },
		"a link to self": func(file string) error { return os.Symlink(filepath.Base(file), file) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newScratch(t)
			s.write("main.tf", openBucket)
			s.write("block.tf", publicBlock)
			s.commit("start")
			s.git("rm", "-q", "block.tf")
			if err := now(filepath.Join(s.dir, "block.tf")); err != nil {
				t.Skip(err)
			}
			code, stdout, stderr := s.demarc(".", nil, "hook", "--format", "line", "--", "block.tf")
			if code == exitClean || !strings.Contains(stdout, gapOfBlock) && !strings.Contains(stdout, "block.tf:1:1: error: file cannot be read: ") {
				t.Errorf("exit code %d: %s%s", code, stdout, stderr)
			}
		})
	}
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestHookBrokenRepository: a failure of git is not an empty change.
func TestHookBrokenRepository(t *testing.T) {
	s := newScratch(t)
	s.write("main.tf", openBucket)
	s.want(exitClean, nil, "hook") // before the first commit
	s.commit("start")
	ref := filepath.Join(s.dir, ".git", "refs", "heads", "main")
	if err := os.WriteFile(ref, []byte(strings.Repeat("1", 40)+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	s.want(exitIncomplete, []string{"git does not have the commit 1111111"}, "hook")
	if err := os.Remove(filepath.Join(s.dir, ".git", "HEAD")); err != nil {
		t.Fatal(err)
	}
	s.want(exitIncomplete, []string{"not a git repository"}, "hook")
}

// TestHookIndex: git names the index that it commits, if it is not the repository's,
// as in git commit FILE.
func TestHookIndex(t *testing.T) {
	s := newScratch(t)
	s.write("main.tf", openBucket)
	s.write("block.tf", publicBlock)
	s.commit("start")
	s.git("rm", "-q", "block.tf")
	other := filepath.Join(s.dir, ".git", "next-index.lock")
	s.env = append(s.env, "GIT_INDEX_FILE="+other)
	s.git("read-tree", "HEAD")
	s.want(exitClean, nil, "hook")
	s.env[len(s.env)-1] = "GIT_INDEX_FILE=.git/next-index.lock"
	s.want(exitClean, nil, "hook")
	s.env = s.env[:len(s.env)-1]
	s.want(exitGaps, nil, "hook")
}

// TestLinkedWorkTrees: a work tree and a submodule have a file .git.
func TestLinkedWorkTrees(t *testing.T) {
	s := newScratch(t)
	s.write("main.tf", openBucket)
	s.write("block.tf", publicBlock)
	s.commit("start")
	s.git("worktree", "add", "-q", filepath.Join(s.tmp, "linked"))
	s.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", s.dir, "sub")
	for _, dir := range []string{filepath.Join(s.tmp, "linked"), filepath.Join(s.dir, "sub")} {
		in := &scratch{t: t, tmp: s.tmp, dir: dir, env: s.env}
		in.want(exitClean, nil, "hook")
		in.git("rm", "-q", "block.tf")
		in.want(exitGaps, []string{gapOfBlock}, "hook", "--format", "line")
		in.want(exitGaps, []string{"1 new at or above medium"}, "diff", "HEAD")
	}
}

// TestDiffHostileTrees compares with commits whose trees cannot exist in a work
// tree.
func TestDiffHostileTrees(t *testing.T) {
	s := newScratch(t)
	s.write("main.tf", openBucket)
	start := s.commit("start")
	bucket := s.git("rev-parse", "HEAD:main.tf")
	plain := s.tree([3]string{"100644", "main.tf", bucket})

	t.Run("names that are not UTF-8", func(t *testing.T) {
		s.t = t
		dir := s.tree([3]string{"100644", "main.tf", bucket}, [3]string{"100644", "\xfe.txt", bucket}, [3]string{"40000", "\xff", s.tree([3]string{"100644", "\xfe.txt", bucket})})
		s.want(exitClean, []string{"1 as before"}, "diff", start, s.commitOf(dir))
	})
	t.Run("source in such directories", func(t *testing.T) {
		s.t = t
		dir := s.tree([3]string{"100644", "main.tf", bucket}, [3]string{"40000", "\xff", plain})
		s.want(exitIncomplete, []string{"1 as before", "main.tf was not read: the name is not UTF-8"}, "diff", start, s.commitOf(dir))
	})
	t.Run("source of such a name", func(t *testing.T) {
		s.t = t
		dir := s.tree([3]string{"100644", "main.tf", bucket}, [3]string{"100644", "\xff.tf", s.object("blob", openDatabase)})
		s.want(exitIncomplete, []string{"1 unknown now", "file cannot be read: the name is not UTF-8"}, "diff", start, s.commitOf(dir))
	})
	for _, name := range []string{"..", ".", ".git", ".GIT", "a/b", "../up", "/abs", "main.tf"} {
		t.Run("the name "+name, func(t *testing.T) {
			s.t = t
			for _, e := range [][3]string{{"100644", name, bucket}, {"40000", name, plain}} {
				dir := s.tree([3]string{"100644", "main.tf", bucket}, e)
				s.want(exitIncomplete, []string{"was not read: a work tree cannot have this name"}, "diff", start, s.commitOf(dir))
			}
		})
	}
	t.Run("two cases of a name", func(t *testing.T) {
		s.t = t
		dir := s.tree([3]string{"100644", "MAIN.tf", s.object("blob", openDatabase)}, [3]string{"100644", "main.tf", bucket})
		s.want(exitGaps, []string{"1 new at or above medium"}, "diff", start, s.commitOf(dir))
	})
	t.Run("a bomb", func(t *testing.T) {
		s.t = t
		bomb := plain
		for range 10 { // a billion files
			var entries [][3]string
			for i := range 8 {
				entries = append(entries, [3]string{"40000", fmt.Sprintf("d%d", i), bomb})
			}
			bomb = s.tree(entries...)
		}
		s.want(exitIncomplete, []string{"git ls-tree: the commit has more than 1048576 files"}, "diff", start, s.commitOf(bomb))
	})
	t.Run("a bomb that is checked out", func(t *testing.T) {
		s := newScratch(t)
		bomb := s.tree([3]string{"100644", "main.tf", s.object("blob", openBucket)})
		for range 10 {
			var entries [][3]string
			for i := range 8 {
				entries = append(entries, [3]string{"40000", fmt.Sprintf("d%d", i), bomb})
			}
			bomb = s.tree(entries...)
		}
		s.git("update-ref", "HEAD", s.commitOf(bomb))
		s.write("main.tf", openBucket)
		s.want(exitIncomplete, []string{"git ls-tree: there are more than 1048576 files"}, "hook", "--", "main.tf")
	})
	t.Run("a deep bomb", func(t *testing.T) {
		s.t = t
		bomb, name := plain, strings.Repeat("n", 4000)
		for range 12 {
			bomb = s.tree([3]string{"40000", name + "0", bomb}, [3]string{"40000", name + "1", bomb})
		}
		s.want(exitIncomplete, []string{"git ls-tree: it lists more than 128 MiB"}, "diff", start, s.commitOf(bomb))
	})
	t.Run("a large file", func(t *testing.T) {
		s.t = t
		large := s.object("blob", openBucket+strings.Repeat("# all bits and pieces\n", regular.MostConfiguration/20))
		dir := s.tree([3]string{"100644", "large.tf", large}, [3]string{"100644", "main.tf", bucket})
		s.want(exitIncomplete, []string{"large.tf:1:1: file cannot be read: larger than 16 MiB"}, "diff", start, s.commitOf(dir))
	})
	t.Run("a long link", func(t *testing.T) {
		s.t = t
		long := s.object("blob", strings.Repeat("x/../", 2000)+"main.tf")
		dir := s.tree([3]string{"120000", "link.tf", long}, [3]string{"100644", "main.tf", bucket})
		s.want(exitIncomplete, []string{"link.tf"}, "diff", start, s.commitOf(dir))
	})
}

// TestDiffPartialClone compares revisions of a clone without old files: the error
// suggests a remedy, and the remedy works.
func TestDiffPartialClone(t *testing.T) {
	s := newScratch(t)
	s.write("main.tf", openDatabase)
	start := s.commit("start")
	s.write("main.tf", openBucket)
	s.commit("a bucket")
	s.git("config", "uploadpack.allowFilter", "true")
	for _, filter := range []string{"blob:none", "tree:0"} {
		dir := filepath.Join(s.tmp, filter[:4])
		s.git("clone", "-q", "--filter="+filter, "file://"+s.dir, dir)
		in := &scratch{t: t, tmp: s.tmp, dir: dir, env: s.env}
		in.want(exitIncomplete, []string{ofPartial}, "diff", start, "HEAD")
		if out, err := in.tryGit("", "fetch", "-q", "--refetch", "--no-filter"); err != nil {
			t.Logf("this git cannot complete a clone: %s", out)
			continue
		}
		in.want(exitGaps, []string{"1 new at or above medium"}, "diff", start, "HEAD")
	}
}
