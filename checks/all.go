package checks

import "github.com/demarc/demarc/analyzer"

// All is every check, in the order of services. The rows are built when they
// are first asked for.
func All() []*analyzer.Check {
	var rows []*analyzer.Check
	for _, service := range [][]row{
		// one function per service file, by name
	} {
		for i := range service {
			rows = append(rows, &service[i])
		}
	}
	return rows
}
