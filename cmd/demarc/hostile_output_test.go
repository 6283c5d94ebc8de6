//go:build hostile

package main

import "strings"

// outputRows put names with special meaning to a report's reader into every place
// where input enters a report. Every format is written, and checked.
func outputRows() []hostileRow {
	var rows []hostileRow
	for _, n := range []struct{ what, name string }{
		{"a workflow command", "::stop-commands::x"},
		{"a workflow command after a no-break space", "\u00a0::stop-commands::x"},
		{"a workflow command after every white space of Unicode", "\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff::error file=x::y"},
		{"a workflow command after a line break", "x\n::set-output name=a::b\n::add-mask::x"},
		{"a workflow command after a carriage return", "x\r::warning::y\r\n::error::z"},
		{"an old workflow command", "##[set-env name=PATH;]x"},
		{"a command of Azure", "##vso[task.setvariable variable=a]b"},
		{"an escape sequence", "\x1b[2J\x1b]0;owned\x07\x1b[8m"},
		{"an escape sequence of one character", "\u009b2J\u009d0;owned\u009c"},
		{"marks of direction", "\u202e\u2066abc\u2069\u202c\u200f\u061c"},
		{"a formula", "=HYPERLINK(\"http://x\",\"y\")"},
		{"a formula after separators", ";=cmd|' /C calc'!A0,\t=1+1\n=2+2 ,+3 ;-4 |@SUM(A1)"},
		{"HTML", "<img src=x onerror=alert(1)></script><script>alert(1)</script><!--"},
		{"HTML in an attribute", "\" onmouseover=\"alert(1)\" x='y' `"},
		{"a link that runs", "javascript:alert(1)//[x](javascript:alert(1))"},
		{"Markdown", "| x | [a](http://x) ![b](http://x/y.png) **c** `d` <e> # f \n- g\n# h"},
		{"Markdown links by themselves", "www.example.org http://example.org @team #12 user@example.org"},
		{"a section of GitLab", "\x1b[0Ksection_start:1:x[collapsed=true]\r\x1b[0Ky"},
		{"a message of TeamCity", "##teamcity[buildProblem description='x']"},
		{"a very long name", strings.Repeat("long ", 700)},
		{"combining characters", "a" + strings.Repeat("\u0301", 2000) + "\u200d\u200d\ufe0f"},
		{"no text", "\xff\xfe\xed\xa0\x80"},
		{"nothing", " "},
	} {
		rows = append(rows, hostileRow{
			name: "names: " + n.what, exit: answered, format: true, alloc: 1024,
			build: func(r *hostileRepo) {
				for file, text := range namedTree(n.name) {
					r.write(file, text)
				}
			},
		})
	}
	return rows
}
