package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A gitTree is a work tree of git.
type gitTree struct {
	place *place
	dir   string // its top
}

// gitTop finds the work tree around a directory.
func (p *place) gitTop(ctx context.Context, dir string) (*gitTree, error) {
	g := &gitTree{p, dir}
	top, err := g.git(ctx, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	g.dir = strings.TrimSuffix(string(top), "\n")
	return g, nil
}

// A gitChange is what git knows of a change: the one in its index, or that
// between two commits.
type gitChange struct {
	*gitTree
	base    string // the commit that the change starts from
	deleted []string
	changed []string // deleted or modified: files that have an old version
}

// gitRepository asks git for the change around the current directory.
func (p *place) gitRepository(ctx context.Context) (*gitChange, error) {
	tree, err := p.gitTop(ctx, p.dir)
	if err != nil {
		return nil, err
	}
	g := &gitChange{gitTree: tree, base: "HEAD"}
	diff := []string{"diff", "--no-ext-diff", "--no-renames", "--name-status", "-z"}
	from, to := p.env("PRE_COMMIT_FROM_REF"), p.env("PRE_COMMIT_TO_REF")
	if from == "" || to == "" {
		diff = append(diff, "--cached", "--")
	} else {
		if strings.HasPrefix(from, "-") || strings.HasPrefix(to, "-") {
			return nil, usagef("PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF are to name commits, not %q and %q", from, to)
		}
		diff = append(diff, from+"..."+to, "--")
		base, err := g.git(ctx, nil, "merge-base", from, to)
		if err != nil {
			return nil, err
		}
		g.base = strings.TrimSpace(string(base))
	}
	list, err := g.git(ctx, nil, diff...)
	if err != nil {
		return nil, err
	}
	g.files(strings.Split(string(list), "\x00"))
	return g, nil
}

// files reads pairs of a status and a name.
func (g *gitChange) files(list []string) {
	for i := 0; i+1 < len(list); i += 2 {
		status, name := list[i], list[i+1]
		if !concerns(name) || status == "A" {
			continue
		}
		g.changed = append(g.changed, name)
		if status == "D" {
			g.deleted = append(g.deleted, name)
		}
	}
}

func (g *gitTree) git(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	cmd := g.command(ctx, args...)
	cmd.Stdin = stdin
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		first, _, _ := strings.Cut(strings.TrimSpace(string(failed.Stderr)), "\n")
		return nil, fmt.Errorf("git %s: %s", args[0], first)
	}
	if err != nil {
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	return out, nil
}

// command is a git that does not fetch what a partial clone lacks: demarc does
// not use the network.
func (g *gitTree) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Env = g.dir, append(slices.Clip(g.place.environ), "GIT_NO_LAZY_FETCH=1")
	return cmd
}

// held is what the old versions of changed files held.
type held struct {
	types      map[string]bool // resource types
	values     map[string]bool // variables that a file gave a value, and gives none any more
	lostModule bool            // a module call is gone, and with it what it held
}

// before reads the old versions of the changed files. One that git does not
// have, as in the first commit, held nothing.
func (g *gitChange) before(ctx context.Context) (*held, error) {
	h := &held{types: map[string]bool{}, values: map[string]bool{}}
	if len(g.changed) == 0 {
		return h, nil
	}
	var ask bytes.Buffer
	for _, name := range g.changed {
		if !strings.Contains(name, "\n") { // git's own protocol is one line a file
			fmt.Fprintf(&ask, "%s:%s\n", g.base, name)
		}
	}
	out, err := g.git(ctx, &ask, "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	r := bufio.NewReader(bytes.NewReader(out))
	for _, name := range g.changed {
		if strings.Contains(name, "\n") {
			continue
		}
		old, err := nextBlob(r)
		if err != nil {
			return nil, fmt.Errorf("git cat-file: %w", err)
		}
		h.add(name, old, g.now(name))
	}
	return h, nil
}

// nextBlob reads one answer of git cat-file --batch; nil: git has no such file.
func nextBlob(r *bufio.Reader) ([]byte, error) {
	head, err := r.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(head)
	size, err := strconv.Atoi(fields[len(fields)-1])
	if err != nil {
		return nil, nil // "<name> missing"
	}
	blob := make([]byte, size+1) // and a newline
	if _, err := io.ReadFull(r, blob); err != nil {
		return nil, err
	}
	return blob[:size], nil
}

// now is the text of a file as it is; nil: it is gone.
func (g *gitChange) now(name string) []byte {
	text, err := os.ReadFile(filepath.Join(g.dir, filepath.FromSlash(name)))
	if err != nil {
		return nil
	}
	return text
}

func (h *held) add(name string, old, now []byte) {
	was, is := outlineOf(name, old), outlineOf(name, now)
	for _, t := range was.types {
		h.types[t] = true
	}
	for _, v := range was.values {
		h.values[v] = h.values[v] || !slices.Contains(is.values, v)
	}
	still := map[string]bool{}
	for _, m := range is.modules {
		still[m] = true
	}
	for _, m := range was.modules {
		h.lostModule = h.lostModule || !still[m]
	}
}

// An outline is the little of a file that a change is judged by.
type outline struct{ types, modules, values []string }

// outlineOf reads an outline from the tokens of a file, whether it parses or
// not: an old version may be broken, or nested too deep for a parser.
func outlineOf(name string, src []byte) outline {
	if strings.HasSuffix(name, ".json") {
		return outlineOfJSON(name, src)
	}
	var o outline
	tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos)
	depth := 0
	for i, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen:
			depth--
		case hclsyntax.TokenIdent:
			if depth == 0 && i+1 < len(tokens) {
				o.add(name, string(t.Bytes), tokens[i+1:])
			}
		}
	}
	return o
}

func (o *outline) add(name, ident string, rest hclsyntax.Tokens) {
	switch {
	case valuesName(name) && rest[0].Type == hclsyntax.TokenEqual:
		o.values = append(o.values, ident)
	case ident == "resource":
		o.types = append(o.types, label(rest))
	case ident == "module":
		o.modules = append(o.modules, label(rest))
	}
}

// label is the quoted label, or the bare one, that the tokens begin with.
func label(rest hclsyntax.Tokens) string {
	if rest[0].Type == hclsyntax.TokenOQuote && len(rest) > 1 {
		rest = rest[1:]
	}
	return string(rest[0].Bytes)
}

func outlineOfJSON(name string, src []byte) outline {
	var o outline
	var top map[string]json.RawMessage
	if json.Unmarshal(src, &top) != nil {
		return o
	}
	if valuesName(name) {
		for v := range top {
			o.values = append(o.values, v)
		}
		return o
	}
	o.types = keys(top["resource"])
	o.modules = keys(top["module"])
	return o
}

// keys are the names in an object, or in a list of objects.
func keys(raw json.RawMessage) []string {
	var list []map[string]json.RawMessage
	var one map[string]json.RawMessage
	if json.Unmarshal(raw, &one) == nil {
		list = append(list, one)
	} else if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	var names []string
	for _, object := range list {
		for name := range object {
			names = append(names, name)
		}
	}
	return names
}
