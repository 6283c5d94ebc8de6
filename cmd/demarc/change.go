package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/internal/regular"
)

// A gitChange is a change as git reports it: the change in its index, or between two
// commits.
type gitChange struct {
	*gitTree
	deleted []string
	changed []oldFile // deleted or modified
}

// An oldFile is a file that has an old version.
type oldFile struct {
	name   string
	object string // empty: the old version is not a regular file
}

// gitChange asks git for the change around the current directory.
func (p *process) gitChange(ctx context.Context) (*gitChange, error) {
	tree, err := p.gitTop(p.dir)
	if err != nil {
		return nil, err
	}
	g := &gitChange{gitTree: tree}
	from, to := p.env("PRE_COMMIT_FROM_REF"), p.env("PRE_COMMIT_TO_REF")
	if from != "" && to != "" {
		return g, g.between(ctx, from, to)
	}
	head, err := g.head(ctx)
	if err != nil || head == "" { // the first commit changes no existing file
		return g, err
	}
	return g, g.compare(ctx, ofCommit(head), []string{"ls-files", "--stage", "-z"})
}

// between reads the change since the merge base of two commits.
func (g *gitChange) between(ctx context.Context, from, to string) error {
	if strings.HasPrefix(from, "-") || strings.HasPrefix(to, "-") {
		return usagef("PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF must name commits, not %q and %q", from, to)
	}
	ends := []string{from, to}
	for i, word := range ends {
		if ends[i] = g.commit(ctx, word); ends[i] == "" {
			return g.explained(ctx, fmt.Errorf("PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF: %s is not a commit of %s", word, g.dir))
		}
	}
	base, err := g.mergeBase(ctx, ends[0], ends[1])
	if err != nil {
		return err
	}
	return g.compare(ctx, ofCommit(base), ofCommit(ends[1]))
}

// ofCommit returns the git command that lists the files of a commit.
func ofCommit(commit string) []string { return []string{"ls-tree", "-r", "-z", "--full-tree", commit} }

// compare finds the changed files from the output of two git commands. git's own
// comparison keeps every difference in memory, and a tree bomb differs in more files
// than exist.
func (g *gitChange) compare(ctx context.Context, before, after []string) error {
	var old, now map[string]fileVersion
	var errOld, errNow error
	var both sync.WaitGroup
	both.Go(func() { old, errOld = g.listed(ctx, before) })
	now, errNow = g.listed(ctx, after)
	both.Wait()
	if err := cmp.Or(errOld, errNow); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(old)) {
		file := oldFile{name: name}
		if was := old[name]; strings.HasPrefix(was.mode, "100") {
			file.object = was.object
		}
		is, still := now[name]
		if !still {
			g.deleted = append(g.deleted, name)
		}
		if is != old[name] {
			g.changed = append(g.changed, file)
		}
	}
	return nil
}

// A fileVersion is git's version of a file.
type fileVersion struct{ mode, object string }

// listed returns the files that take part in a scan, among those that a git command
// lists: "mode [type] object [stage]<tab>name".
func (g *gitChange) listed(ctx context.Context, args []string) (map[string]fileVersion, error) {
	files := map[string]fileVersion{}
	all := 0
	err := g.stream(ctx, func(r io.Reader) error {
		return eachField(r, func(line string) error {
			head, name, ok := strings.Cut(line, "\t")
			fields := strings.Fields(head)
			switch all++; {
			case !ok || len(fields) != 3:
				return fmt.Errorf("an unknown line: %q", line)
			case all > mostEntries:
				return fmt.Errorf("there are more than %d files", mostEntries)
			case !concerns(name):
				return nil
			}
			v := fileVersion{mode: fields[0], object: fields[1]}
			if args[0] == "ls-tree" {
				v.object = fields[2]
			}
			files[strings.Clone(name)] = fileVersion{strings.Clone(v.mode), strings.Clone(v.object)}
			return nil
		})
	}, args...)
	return files, g.explained(ctx, err)
}

// held is the content of the old versions of changed files.
type held struct {
	types      map[string]bool // resource types
	values     map[string]bool // variables that a file gave a value and no longer does
	lostModule bool            // a module call was removed, and its content with it
	anything   bool            // an old version cannot be determined
}

// The limits of reading old versions: one, and all.
const (
	largestOld = 4 << 20
	mostOld    = 64 << 20
)

// before reads the old versions of the changed files. A version that is not a
// regular file, or too large, may have held anything; so may a version that git does
// not have, which is also reported.
func (g *gitChange) before(ctx context.Context) (*held, []error, error) {
	h := &held{types: map[string]bool{}, values: map[string]bool{}}
	if len(g.changed) == 0 {
		return h, nil, nil
	}
	top, err := os.OpenRoot(g.dir)
	if err != nil {
		return nil, nil, err
	}
	defer top.Close()
	objects := g.objects(ctx)
	defer objects.close()
	var errs []error
	all := 0
	for _, file := range g.changed {
		if file.object == "" || all > mostOld {
			h.anything = true
			continue
		}
		old, err := objects.blob(file.object, largestOld)
		all += len(old)
		if err != nil {
			h.anything = true
			if errors.Is(err, errAbsent) {
				errs = append(errs, fmt.Errorf("%s, as it was: %w", file.name, err))
			}
			continue
		}
		h.add(file.name, old, now(top.FS(), file.name))
	}
	return h, errs, nil
}

// now returns the current text of a file; nil: it is deleted, or unreadable.
func now(top fs.FS, name string) []byte {
	text, err := regular.Read(top, name, largestOld)
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

// An outline is the part of a file by which a change is judged.
type outline struct{ types, modules, values []string }

// outlineOf reads an outline from the tokens of a file, whether or not it parses: an
// old version may be broken, or nested too deep for a parser.
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

// label returns the label, quoted or bare, with which the tokens begin.
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

// keys returns the names in an object, or in a list of objects.
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
