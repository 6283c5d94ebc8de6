package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A mutant is a file in which one piece of text is another.
type mutant struct {
	file       string
	place      string // file.go:12
	src        []byte
	start, end int
	with       string
}

func (m mutant) text() []byte {
	return bytes.Join([][]byte{m.src[:m.start], []byte(m.with), m.src[m.end:]}, nil)
}

// diff is the line that changed, as it was and as it is.
func (m mutant) diff() string {
	from := bytes.LastIndexByte(m.src[:m.start], '\n') + 1
	line := func(text []byte) string {
		until := len(text)
		if n := bytes.IndexByte(text[m.start:], '\n'); n >= 0 {
			until = m.start + n
		}
		return around(string(text[from:until]), m.start-from)
	}
	return "-" + line(m.src) + "\n+" + line(m.text()) + "\n"
}

// around is at most 79 columns of a line, with what stands at a byte.
func around(line string, at int) string {
	indent := len(line) - len(strings.TrimLeft(line, "\t"))
	line, at = line[indent:], at-indent
	before := []rune(line[:at])
	if len(before)+30 > 79 {
		before = before[len(before)-45:]
	}
	line = string(before) + line[at:]
	if utf8.RuneCountInString(line) > 79 {
		line = string([]rune(line)[:79])
	}
	return line
}

// swapped are operators and words, each with what stands in its place. Verdicts
// are joined by min, max and minus.
var swapped = map[string]string{
	"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
	"true": "false", "false": "true", "min": "max", "max": "min",
}

// mutantsOf are the changes that a file allows, in their order; none where it is
// generated.
func mutantsOf(name string, src []byte) ([]mutant, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || ast.IsGenerated(file) {
		return nil, err
	}
	var found []mutant
	replace := func(from, to token.Pos, with string) {
		start, end := files.Position(from), files.Position(to)
		found = append(found, mutant{name, fmt.Sprintf("%s:%d", name, start.Line), src, start.Offset, end.Offset, with})
	}
	swap := func(at token.Pos, word string) {
		if with := swapped[word]; with != "" {
			replace(at, at+token.Pos(len(word)), with)
		}
	}
	negate := func(cond ast.Expr) {
		if b, ok := cond.(*ast.BinaryExpr); cond == nil || ok && (b.Op == token.EQL || b.Op == token.NEQ) {
			return // its operator is swapped
		}
		text := src[files.Position(cond.Pos()).Offset:files.Position(cond.End()).Offset]
		replace(cond.Pos(), cond.End(), "!("+string(text)+")")
	}
	facts := map[ast.Expr]bool{} // numbers in tables, which a test could only repeat
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if pair, ok := e.(*ast.KeyValueExpr); ok {
					e = pair.Value
				}
				facts[e] = true
			}
		case *ast.BinaryExpr:
			swap(n.OpPos, n.Op.String())
		case *ast.UnaryExpr:
			if _, literal := n.X.(*ast.BasicLit); n.Op == token.SUB && !literal {
				replace(n.Pos(), n.X.Pos(), "")
			}
		case *ast.BasicLit:
			if i, err := strconv.ParseInt(n.Value, 0, 64); n.Kind == token.INT && err == nil && !facts[n] {
				replace(n.Pos(), n.End(), strconv.FormatInt(i+1, 10))
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok {
				swap(f.Pos(), f.Name)
			}
		case *ast.ReturnStmt:
			for _, r := range n.Results {
				if word, ok := r.(*ast.Ident); ok {
					swap(word.Pos(), word.Name)
				}
			}
		case *ast.IfStmt:
			negate(n.Cond)
		case *ast.ForStmt:
			negate(n.Cond)
		case *ast.SwitchStmt:
			if n.Tag != nil {
				break
			}
			for _, clause := range n.Body.List {
				for _, cond := range clause.(*ast.CaseClause).List {
					negate(cond)
				}
			}
		case *ast.BranchStmt:
			if n.Tok == token.CONTINUE || n.Tok == token.BREAK {
				replace(n.Pos(), n.End(), "")
			}
		case *ast.ExprStmt:
			if _, ok := n.X.(*ast.CallExpr); ok {
				replace(n.Pos(), n.End(), "")
			}
		}
		return true
	})
	return found, nil
}
